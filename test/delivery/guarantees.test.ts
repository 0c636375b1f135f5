import { existsSync } from 'node:fs';

import { beforeAll, expect, test } from '@jest/globals';

import { judgedBy } from '../../terrace/delivery/approval/judgement';
import { applyBundle, verifyApproved, type ApplyReport } from '../../terrace/delivery/apply/apply-bundle';
import type { EnvironmentPolicy } from '../../terrace/delivery/approval/approval-rules';
import { bundleFile, unitPaths, type BundleUnit } from '../../terrace/delivery/bundle/bundle';
import type { BundleContent } from '../../terrace/delivery/bundle/content';
import { verifyContent } from '../../terrace/delivery/bundle/verify';
import { canonicalText } from '../../terrace/base/canonical';
import { fakeDelivery, MemoryStates, type FakeDelivery, type FakeOptions } from '../_helpers/delivery-fakes';
import {
  approvalBy,
  madeAt,
  newCast,
  savedPlan,
  sealedBundle,
  shopPolicy,
  withFile,
  type Cast,
  type SealedOptions,
} from '../_helpers/sealed-bundle';
import { codesOf, errorOf } from '../_helpers/shop';
import { network, service, shopPath, type ShopUnit } from '../_helpers/shop-tree';

let cast: Cast;
beforeAll(async () => {
  cast = await newCast();
});

const vpcKey = 'dev/eu-central-1/network/vpc/terraform.tfstate';
const apiKey = 'dev/eu-central-1/compute/api/terraform.tfstate';

interface Attempt extends Partial<FakeOptions> {
  readonly content?: BundleContent;
  readonly rules?: Partial<EnvironmentPolicy>;
  readonly expect?: readonly string[];
  readonly commit?: string;
  readonly includePlanned?: boolean;
  /** Who approved. @default ana */
  readonly by?: readonly ('ana' | 'bob' | 'eve')[];
  /** What was approved, where it is another bundle. */
  readonly approved?: BundleContent;
}

async function attempt(given: Attempt): Promise<{ readonly delivery: FakeDelivery; readonly report: Promise<ApplyReport> }> {
  const content = given.content ?? (await sealedBundle({ units: [{ unit: network() }] }, cast));
  const approvals = await Promise.all((given.by ?? ['ana']).map((name) => approvalBy(cast[name], given.approved ?? content)));
  const delivery = fakeDelivery({ states: new MemoryStates(), ...given });
  return {
    delivery,
    report: applyBundle(delivery, {
      content,
      approvals,
      judge: judgedBy(shopPolicy(cast, given.rules)),
      identities: [cast.age.identity],
      ...(given.expect === undefined ? {} : { expect: given.expect }),
      ...(given.commit === undefined ? {} : { commit: given.commit }),
      ...(given.includePlanned === undefined ? {} : { includePlanned: given.includePlanned }),
    }),
  };
}

async function refusal(
  given: Attempt,
): Promise<{ readonly codes: readonly string[]; readonly exitCode: number; readonly message: string }> {
  const { delivery, report } = await attempt(given);
  const error = await errorOf(report);
  expect(delivery.applied).toEqual([]);
  return { codes: codesOf(error), exitCode: error.exitCode, message: error.message };
}

/** Two units of which one reads the other, planned together because the output stays. */
async function pair(options: Partial<SealedOptions> = {}): Promise<BundleContent> {
  return sealedBundle(
    {
      units: [
        { unit: network(), lineage: 'vpc', serial: 3 },
        {
          unit: service(),
          lineage: 'api',
          serial: 5,
          consumed: [{ id: 'network/vpc', lineage: 'vpc', values: { subnet_id: 'subnet-1' } }],
        },
      ],
      ...options,
    },
    cast,
  );
}

function pairStates(changes: { readonly lineage?: string; readonly subnet?: string; readonly apiSerial?: number } = {}): MemoryStates {
  const states = new MemoryStates();
  states.put(vpcKey, changes.lineage ?? 'vpc', 3, { subnet_id: changes.subnet ?? 'subnet-1', vpc_id: 'vpc-1' });
  states.put(apiKey, 'api', changes.apiSerial ?? 5);
  return states;
}

test('an approved bundle is applied, in order, and recorded under the lock', async () => {
  const states = pairStates();
  const { delivery, report } = await attempt({ content: await pair(), states });
  expect((await report).problems).toEqual([]);
  expect(delivery.applied).toEqual([vpcKey, apiKey]);
  expect(states.written.map(({ unit, status, state }) => [unit, status, state.serial])).toEqual([
    [shopPath('network/vpc'), 'applying', 3],
    [shopPath('network/vpc'), 'applied', 4],
    [shopPath('compute/api'), 'applying', 5],
    [shopPath('compute/api'), 'applied', 6],
  ]);
});

test('G1: the bytes that terraform gets are the bytes that were sealed', async () => {
  const { delivery, report } = await attempt({});
  await report;
  expect(delivery.plans).toEqual([savedPlan(null, 0, `plan of ${shopPath('network/vpc')}`)]);
});

test('G1: a bundle that is not byte for byte the approved one is refused, though whole in itself', async () => {
  const approved = await sealedBundle({ units: [{ unit: network() }] }, cast);
  const content = await sealedBundle({ units: [{ unit: network() }] }, cast);
  const { codes, exitCode, message } = await refusal({ content, approved });
  expect([codes, exitCode]).toEqual([['E6010', 'E6084'], 3]);
  expect(message).toContain(content.hash);
});

test('G1: a review that does not follow from the plan is refused', async () => {
  const content = await sealedBundle({ units: [{ unit: network() }] }, cast);
  const name = unitPaths(shopPath('network/vpc')).masked;
  const harmless = Buffer.from(canonicalText({ format_version: '1.2', terraform_version: '1.11.4', resource_changes: [] }));
  const { createHash } = await import('node:crypto');
  const bundle = JSON.parse(Buffer.from(content.files.get(bundleFile) ?? []).toString('utf8'));
  bundle.units[0].masked = { sha256: createHash('sha256').update(harmless).digest('hex'), size: harmless.length };
  const forged = withFile(withFile(content, name, harmless), bundleFile, Buffer.from(canonicalText(bundle)));
  expect(await refusal({ content: forged })).toMatchObject({
    codes: ['E6078'],
    exitCode: 3,
    message: expect.stringContaining('what was shown in the review'),
  });
});

test('G1: numbers of changes that are not those of the plan are refused', async () => {
  const content = await sealedBundle(
    { units: [{ unit: network(), change: (entry) => ({ ...entry, actions: { ...entry.actions, create: 0 } }) }] },
    cast,
  );
  expect(await refusal({ content })).toMatchObject({
    codes: ['E6078'],
    exitCode: 3,
    message: expect.stringContaining('the numbers of changes'),
  });
});

test('G2: a plan that is bound to another state than the bundle says is refused', async () => {
  const content = await sealedBundle(
    { units: [{ unit: network(), change: (entry) => ({ ...entry, state: { lineage: 'other', serial: 7 } }) }] },
    cast,
  );
  expect(await refusal({ content })).toMatchObject({ codes: ['E6078'], message: expect.stringContaining('the bundle says 7 of other') });
});

test.each<[string, ShopUnit, (entry: BundleUnit) => BundleUnit, string]>([
  ['G2: inputs that are not sealed', service(), (entry) => ({ ...entry, consumed: [] }), 'it reads 1 other states, 0 are sealed'],
  [
    'G2: a content digest that does not follow from the files',
    network(),
    (entry) => ({ ...entry, contentDigest: 'a'.repeat(64) }),
    'does not follow from its files',
  ],
  ['G5: a plan that is absent though nothing was mocked', network(), (entry) => ({ ...entry, plan: null }), 'one made without is missing'],
  [
    'G5: a plan that is kept though something was mocked',
    network(),
    (entry) => ({ ...entry, mocks: [{ unit: shopPath('network/vpc'), output: 'x', local: 'local.terrace_mock_x' }] }),
    'a plan made with mocks is kept',
  ],
])('%s: the bundle is refused before any key is needed', async (_, unit, change, message) => {
  const consumed = [{ id: 'network/vpc', lineage: 'vpc', values: { subnet_id: 'subnet-1' } }];
  const content = await sealedBundle({ units: [{ unit, ...(unit.reads === undefined ? {} : { consumed }), change }] }, cast);
  const error = await errorOf(verifyContent(content));
  expect([codesOf(error), error.exitCode, error.message]).toEqual([['E6082'], 3, expect.stringContaining(message)]);
});

test('G2: a state that moved on is refused, with exit 3', async () => {
  const { delivery, report } = await attempt({ content: await pair(), states: pairStates({ apiSerial: 6 }) });
  const result = await report;
  expect(codesOf(result)).toEqual(['E6007']);
  expect(result.exitCode).toBe(3);
  expect(delivery.applied).toEqual([vpcKey]);
});

test('G2: a state of another lineage is refused even at the same serial', async () => {
  const states = pairStates();
  states.put(apiKey, 'another', 5);
  expect(codesOf(await (await attempt({ content: await pair(), states })).report)).toEqual(['E6007']);
});

test('G2: a state that appeared since is refused', async () => {
  const states = new MemoryStates();
  states.put(vpcKey, 'new', 1);
  expect(codesOf(await (await attempt({ states })).report)).toEqual(['E6007']);
});

test('G2: an output that the plan consumed and that changed since is refused, whoever changed it', async () => {
  const { delivery, report } = await attempt({ content: await pair(), states: pairStates({ subnet: 'subnet-2' }) });
  const result = await report;
  expect(codesOf(result)).toEqual(['E6008']);
  expect(result.exitCode).toBe(3);
  expect(delivery.applied).toEqual([vpcKey]);
});

test('G2: an upstream that was replaced within the same bundle is refused', async () => {
  const states = pairStates();
  const { delivery, report } = await attempt({
    content: await pair(),
    states,
    outputs: { [vpcKey]: { subnet_id: 'subnet-9', vpc_id: 'vpc-1' } },
  });
  expect(codesOf(await report)).toEqual(['E6008']);
  expect(delivery.applied).toEqual([vpcKey]);
});

test('G2: an upstream whose state was made anew is refused though it gives the same values', async () => {
  const content = await sealedBundle(
    {
      units: [
        {
          unit: service(),
          lineage: 'api',
          serial: 5,
          consumed: [{ id: 'network/vpc', lineage: 'vpc', values: { subnet_id: 'subnet-1' } }],
        },
      ],
    },
    cast,
  );
  expect(codesOf(await (await attempt({ content, states: pairStates({ lineage: 'other' }) })).report)).toEqual(['E6008']);
});

test('G2: an upstream whose state is gone is refused', async () => {
  const content = await sealedBundle(
    {
      units: [
        {
          unit: service(),
          lineage: 'api',
          serial: 5,
          consumed: [{ id: 'network/vpc', lineage: 'vpc', values: { subnet_id: 'subnet-1' } }],
        },
      ],
    },
    cast,
  );
  const states = pairStates();
  states.states.delete(vpcKey);
  expect(codesOf(await (await attempt({ content, states })).report)).toEqual(['E6008']);
});

test('G2: a change of outputs that nobody consumed is applied', async () => {
  const { delivery, report } = await attempt({
    content: await pair(),
    states: pairStates(),
    outputs: { [vpcKey]: { subnet_id: 'subnet-1', vpc_id: 'vpc-2' } },
  });
  expect((await report).exitCode).toBe(0);
  expect(delivery.applied).toEqual([vpcKey, apiKey]);
});

test('G2: a bundle of another commit than the one that is meant is refused', async () => {
  expect(await refusal({ commit: 'f'.repeat(40) })).toMatchObject({ codes: ['E6006'], exitCode: 3 });
  expect((await (await attempt({ commit: '0123456789abcdef0123456789abcdef01234567' })).report).exitCode).toBe(0);
});

test('G2: another terraform version is refused', async () => {
  expect(await refusal({ version: '1.11.5' })).toMatchObject({ codes: ['E6014'], exitCode: 3 });
});

test('G2: the plan of another unit in its place is refused', async () => {
  const content = await pair();
  const [vpc, api] = [unitPaths(shopPath('network/vpc')).encrypted, unitPaths(shopPath('compute/api')).encrypted];
  const bundle = JSON.parse(Buffer.from(content.files.get(bundleFile) ?? []).toString('utf8'));
  const [first, second] = bundle.units;
  [first.encrypted, second.encrypted] = [second.encrypted, first.encrypted];
  const swapped = new Map(content.files);
  swapped.set(vpc, content.files.get(api) ?? new Uint8Array());
  swapped.set(api, content.files.get(vpc) ?? new Uint8Array());
  swapped.set(bundleFile, Buffer.from(canonicalText(bundle)));
  const { contentOf } = await import('../../terrace/delivery/bundle/content');
  expect(await refusal({ content: contentOf('bundle', swapped) })).toMatchObject({
    codes: ['E6077', 'E6077'],
    message: expect.stringContaining('the encrypted plan belongs to'),
  });
});

test('G2: synthesized files that are not those of the plan are refused', async () => {
  const content = await pair();
  const name = `${unitPaths(shopPath('network/vpc')).files}/main.tf.json`;
  expect(await refusal({ content: withFile(content, name, Buffer.from('{}')), approved: content })).toMatchObject({ codes: ['E6002'] });
});

test('G2: a digest of the content that does not follow from the files is refused', async () => {
  const forged = await sealedBundle(
    { units: [{ unit: network(), change: (entry) => ({ ...entry, contentDigest: '0'.repeat(64) }) }] },
    cast,
  );
  await expect(attempt({ content: forged }).then(({ report }) => report)).rejects.toThrow('the digest of its content does not follow');
});

test('G2: a lock file that is not that of the plan is refused', async () => {
  const content = await sealedBundle({ units: [{ unit: network(), lockFile: 'provider "x" {}' }] }, cast);
  const name = `${unitPaths(shopPath('network/vpc')).files}/.terraform.lock.hcl`;
  expect(await refusal({ content: withFile(content, name, Buffer.from('provider "y" {}')), approved: content })).toMatchObject({
    codes: ['E6002'],
  });
  const forged = await sealedBundle(
    { units: [{ unit: network(), lockFile: 'provider "x" {}', change: (entry) => ({ ...entry, lockFile: null }) }] },
    cast,
  ).then((one) => one);
  await expect(attempt({ content: forged }).then(({ report }) => report)).rejects.toThrow('E6082');
});

test('G3: an expired bundle is refused', async () => {
  expect(await refusal({ now: new Date(madeAt.getTime() + 24 * 3_600_000), rules: { maxAgeHours: 1000 } })).toMatchObject({
    codes: ['E6005'],
    exitCode: 3,
  });
});

test('G3: a missing plan is refused, and nothing is planned in its place', async () => {
  const content = await sealedBundle({ units: [{ unit: network() }] }, cast);
  expect(
    await refusal({ content: withFile(content, unitPaths(shopPath('network/vpc')).encrypted, undefined), approved: content }),
  ).toMatchObject({ codes: ['E6002'] });
});

test('G3: fewer or more units than expected are refused', async () => {
  const content = await pair();
  expect(await refusal({ content, expect: [shopPath('network/vpc')] })).toMatchObject({ codes: ['E6015'], exitCode: 3 });
  expect(await refusal({ content, expect: [shopPath('network/vpc'), shopPath('compute/api'), shopPath('compute/web')] })).toMatchObject({
    codes: ['E6015'],
  });
});

test('G3: files of a unit that the bundle does not name are refused', async () => {
  const content = await sealedBundle({ units: [{ unit: network() }] }, cast);
  const extra = withFile(content, `${unitPaths(shopPath('compute/api')).files}/main.tf.json`, Buffer.from('{}'));
  expect(await refusal({ content: extra, approved: content })).toMatchObject({
    codes: ['E6002'],
    message: expect.stringContaining('does not belong to it'),
  });
});

test('G4: a plan that terraform calls stale ends with 3', async () => {
  const { report } = await attempt({
    onRun: (run) => (run.args[0] === 'apply' ? { exitCode: 1, stderr: '╷\n│ Error: Saved plan is stale\n╵\n' } : undefined),
  });
  const result = await report;
  expect([codesOf(result), result.exitCode]).toEqual([['E6007'], 3]);
});

test('G4: after a refusal the same bundle is not accepted again, and a new plan needs a new approval', async () => {
  const states = new MemoryStates();
  const content = await sealedBundle({ units: [{ unit: network() }] }, cast);
  await (
    await attempt({ content, states, onRun: (run) => (run.args[0] === 'apply' ? { exitCode: 1, stderr: 'Error: no' } : undefined) })
  ).report;
  const again = await (await attempt({ content, states })).report;
  expect([codesOf(again), again.exitCode]).toEqual([['E6016'], 3]);
  const planned = await sealedBundle({ units: [{ unit: network() }] }, cast);
  expect((await refusal({ content: planned, approved: content, states })).codes).toEqual(['E6010', 'E6084']);
});

test('G5: a plan that consumed a mock is refused by every path', async () => {
  const mocks = [{ unit: shopPath('network/vpc'), output: 'subnet_id', local: 'local.terrace_mock_network_vpc_subnet_id' }];
  const tainted = await sealedBundle({ units: [{ unit: service(), mocks }] }, cast);
  expect(await refusal({ content: tainted })).toMatchObject({ codes: ['E6009'], exitCode: 3 });
});

test('G5: a bundle that keeps the plan of a unit with mocks is refused', async () => {
  const mocks = [{ unit: shopPath('network/vpc'), output: 'subnet_id', local: 'local.terrace_mock_network_vpc_subnet_id' }];
  const kept = await sealedBundle({ units: [{ unit: service(), mocks, change: (entry) => ({ ...entry, plan: entry.show }) }] }, cast);
  await expect(attempt({ content: kept }).then(({ report }) => report)).rejects.toThrow('a plan made with mocks is kept');
});

test('G5: a tainted bundle is refused before any key is needed', async () => {
  const mocks = [{ unit: shopPath('network/vpc'), output: 'subnet_id', local: 'local.terrace_mock_network_vpc_subnet_id' }];
  const content = await sealedBundle({ units: [{ unit: service(), mocks }] }, cast);
  const request = {
    content,
    judge: judgedBy(shopPolicy(cast)),
    approvals: [await approvalBy(cast.ana, content)],
    now: madeAt,
    env: {},
  };
  expect(codesOf(await errorOf(verifyApproved(request)))).toEqual(['E6009']);
});

test('G5: a tainted plan that claims to be none has no binary plan to apply', async () => {
  const mocks = [{ unit: shopPath('network/vpc'), output: 'subnet_id', local: 'local.terrace_mock_network_vpc_subnet_id' }];
  const washed = await sealedBundle(
    {
      units: [
        {
          unit: service(),
          mocks,
          consumed: [{ id: 'network/vpc', lineage: 'vpc', values: { subnet_id: 'mock' } }],
          change: (entry) => ({ ...entry, mocks: [], plan: entry.show }),
        },
      ],
    },
    cast,
  );
  expect(await refusal({ content: washed })).toMatchObject({
    codes: ['E6009'],
    message: expect.stringContaining('its binary plan was not kept'),
  });
});

test('G8: a held lock ends with 4, names the holder and is left alone', async () => {
  const states = new MemoryStates();
  states.locks.set(vpcKey, 'bob@laptop');
  const { delivery, report } = await attempt({ states });
  const result = await report;
  expect([codesOf(result), result.exitCode]).toEqual([['E4401'], 4]);
  expect(result.problems[0]?.found).toContain('bob@laptop');
  expect(states.locks.get(vpcKey)).toBe('bob@laptop');
  expect(delivery.applied).toEqual([]);
});

test('G9: nothing of a plan stays on disk after an apply, nor after one that failed', async () => {
  for (const exitCode of [0, 1]) {
    const { delivery, report } = await attempt({ onRun: (run) => (run.args[0] === 'apply' && exitCode === 1 ? { exitCode } : undefined) });
    await report;
    expect(delivery.workspaces.length).toBeGreaterThan(0);
    expect(delivery.workspaces.filter((folder) => existsSync(folder))).toEqual([]);
  }
});

test('without the identity nothing is applied', async () => {
  const { newAgeKey } = await import('../../terrace/delivery/bundle/age');
  const content = await sealedBundle({ units: [{ unit: network() }] }, cast);
  const delivery = fakeDelivery({ states: new MemoryStates() });
  const error = await errorOf(
    applyBundle(delivery, {
      content,
      approvals: [await approvalBy(cast.ana, content)],
      judge: judgedBy(shopPolicy(cast)),
      identities: [(await newAgeKey()).identity],
    }),
  );
  expect([codesOf(error), error.exitCode]).toEqual([['E6022'], 3]);
});

test('a failure stops the dependents, its siblings end', async () => {
  const content = await sealedBundle(
    {
      units: [
        { unit: network(), lineage: 'vpc', serial: 3 },
        {
          unit: service('v1', 'compute/api'),
          lineage: 'api',
          serial: 5,
          consumed: [{ id: 'network/vpc', lineage: 'vpc', values: { subnet_id: 'subnet-1' } }],
        },
        { unit: { ...network(), id: 'storage/db' } },
      ],
    },
    cast,
  );
  const states = pairStates();
  const { delivery, report } = await attempt({
    content,
    states,
    onRun: (run, key) => (run.args[0] === 'apply' && key === vpcKey ? { exitCode: 1, stderr: '│ Error: quota exceeded' } : undefined),
  });
  const result = await report;
  expect([...result.results].map(([unit, one]) => [unit, one.kind]).toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))).toEqual([
    [shopPath('compute/api'), 'skipped'],
    [shopPath('network/vpc'), 'failed'],
    [shopPath('storage/db'), 'applied'],
  ]);
  expect(result.problems.map((problem) => problem.found)).toEqual(['Error: quota exceeded']);
  expect([result.exitCode, delivery.applied.length]).toEqual([1, 1]);
});

test('killed and started again: what is finished stays, what was in flight is refused, what was not begun goes on', async () => {
  const content = await sealedBundle(
    { units: [{ unit: network() }, { unit: { ...network(), id: 'storage/db' } }, { unit: { ...network(), id: 'storage/queue' } }] },
    cast,
  );
  const states = new MemoryStates();
  const first = await (
    await attempt({ content, states, onRun: (run, key) => (run.args[0] === 'apply' && !key.includes('vpc') ? { exitCode: 1 } : undefined) })
  ).report;
  expect(first.exitCode).toBe(1);
  const dbKey = vpcKey.replace('network/vpc', 'storage/db');
  const queueKey = vpcKey.replace('network/vpc', 'storage/queue');
  const begun = states.records.get(dbKey);
  if (begun === undefined) throw new Error('no record');
  states.records.set(dbKey, { ...begun, status: 'applying' });
  states.records.delete(queueKey);
  states.locks.set(dbKey, 'ana@runner-1');
  const { delivery, report } = await attempt({ content, states });
  const second = await report;
  expect(second.results.get(shopPath('network/vpc'))).toEqual({ kind: 'already' });
  expect(second.results.get(shopPath('storage/queue'))).toMatchObject({ kind: 'applied' });
  expect([codesOf(second), second.exitCode]).toEqual([['E6016'], 4]);
  expect(second.problems[0]?.found).toContain('ana@runner-1');
  expect(delivery.applied).toEqual([queueKey]);
  states.locks.delete(dbKey);
  states.locks.set(vpcKey, 'ana@runner-1');
  const third = await (await attempt({ content, states })).report;
  expect(third.results.get(shopPath('network/vpc'))).toMatchObject({
    kind: 'already',
    reason: expect.stringMatching(/^its lock is held: ana@runner-1.*terrace lock release \S+vpc --id lock-id$/),
  });
  expect([codesOf(third), third.exitCode]).toEqual([['E6016'], 3]);
});

test('a plan that changes nothing is only recorded', async () => {
  const content = await sealedBundle(
    {
      units: [
        {
          unit: network(),
          lineage: 'vpc',
          serial: 3,
          plan: { resource_changes: [], output_changes: {}, applyable: false },
          change: (entry) => ({ ...entry, unchanged: true }),
        },
      ],
    },
    cast,
  );
  const states = pairStates();
  const { delivery, report } = await attempt({ content, states });
  expect((await report).exitCode).toBe(0);
  expect(delivery.workspaces).toEqual([]);
  expect(states.records.get(vpcKey)).toMatchObject({ status: 'applied', state: { lineage: 'vpc', serial: 3 } });
});

test('a unit of a planned environment is applied only where planned environments are included', async () => {
  const content = await sealedBundle(
    { units: [{ unit: network(), change: (entry) => ({ ...entry, unit: { ...entry.unit, planned: true } }) }] },
    cast,
  );
  expect(await refusal({ content })).toMatchObject({ codes: ['E1208'], exitCode: 3 });
  const { delivery, report } = await attempt({ content, includePlanned: true });
  expect((await report).problems).toEqual([]);
  expect(delivery.applied).toEqual([vpcKey]);
});
