import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { inspectUnits } from '../../../terrace/delivery/inspection/inspect-units';
import { affectedByRecords } from '../../../terrace/delivery/affected/affected';
import { loadTree } from '../../../terrace/delivery/tree/load-tree';
import { workspacesIn } from '../../../terrace/delivery/terraform/workspace';
import { decryptPlan } from '../../../terrace/delivery/bundle/encrypted-plan';
import { statusOf } from '../../../terrace/delivery/status/status';
import { inOrder } from '../../_helpers/in-order';
import { codesOf, openShop, maskedPlan, type Shop } from '../../_helpers/shop';
import { network, reads, service, shopPath, type ShopUnit } from '../../_helpers/shop-tree';

const test = inOrder();

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
}, 600_000);
afterAll(() => shop.dispose());

/** A pair of its own for each test, so that none needs another one's state. */
function pair(
  name: string,
  changes: { readonly cidr?: string; readonly tags?: string; readonly version?: string } = {},
): readonly [ShopUnit, ShopUnit] {
  const upstream = { ...network(changes), id: `${name}/vpc` };
  const dependent = service(changes.version ?? 'v1', `${name}/api`);
  return [
    upstream,
    {
      ...dependent,
      reads: { [upstream.id]: ['subnet_id'] },
      json: {
        resource: { terraform_data: { service: { input: { subnet: reads(upstream.id, 'subnet_id'), version: changes.version ?? 'v1' } } } },
      },
    },
  ];
}

async function deployed(units: readonly ShopUnit[]): Promise<void> {
  const report = await shop.deploy(units);
  expect(report.problems).toEqual([]);
}

test('G6: a change of the upstream that no consumed output shows does not defer its dependent', async () => {
  await deployed(pair('tags'));
  const plan = await shop.plan(pair('tags', { tags: 'two', version: 'v2' }));
  expect(plan.bundle.deferred).toEqual([]);
  expect(plan.bundle.units.map((entry) => [entry.unit.path, entry.after, entry.actions.update])).toEqual([
    [shopPath('tags/api'), [shopPath('tags/vpc')], 1],
    [shopPath('tags/vpc'), [], 1],
  ]);
  await shop.approve(plan.place);
  const report = await shop.apply(plan.place);
  expect([report.problems, report.exitCode]).toEqual([[], 0]);
}, 600_000);

test('G6: a change that a consumed output shows defers the dependent, with the reason', async () => {
  await deployed(pair('replace'));
  const plan = await shop.plan(pair('replace', { cidr: '10.0.9.0/24', version: 'v2' }));
  expect(plan.bundle.deferred).toEqual([
    {
      unit: shopPath('replace/api'),
      upstream: shopPath('replace/vpc'),
      outputs: ['subnet_id'],
      reason: `subnet_id of ${shopPath('replace/vpc')} becomes unknown`,
      source: { how: 'changes', masked: { sha256: expect.any(String), size: expect.any(Number) } },
    },
  ]);
}, 600_000);

test('G2: a dependent planned before plain terraform replaced its upstream is refused', async () => {
  await deployed(pair('plain'));
  const plan = await shop.plan([pair('plain', { version: 'v2' })[1]], {});
  await shop.approve(plan.place);
  shop.write([pair('plain', { cidr: '10.0.2.0/24' })[0]]);
  await shop.terraform('plain/vpc', 'init', '-no-color');
  expect((await shop.terraform('plain/vpc', 'apply', '-auto-approve', '-no-color')).exitCode).toBe(0);
  const report = await shop.apply(plan.place);
  expect([codesOf(report), report.exitCode]).toEqual([['E6008'], 3]);
}, 600_000);

test('G2: a dependent planned before another bundle replaced its upstream is refused', async () => {
  await deployed(pair('bundle'));
  const plan = await shop.plan([pair('bundle', { version: 'v2' })[1]]);
  await shop.approve(plan.place);
  await deployed([pair('bundle', { cidr: '10.0.3.0/24' })[0]]);
  const report = await shop.apply(plan.place);
  expect([codesOf(report), report.exitCode]).toEqual([['E6008'], 3]);
}, 600_000);

test('G4: a plan whose own state moved on is refused with 3, and planning again needs approving again', async () => {
  await deployed(pair('stale'));
  const [vpc] = pair('stale', { tags: 'two' });
  const plan = await shop.plan([vpc]);
  await shop.approve(plan.place);
  await shop.terraform('stale/vpc', 'init', '-no-color');
  await shop.terraform('stale/vpc', 'apply', '-auto-approve', '-no-color');
  const report = await shop.apply(plan.place);
  expect([codesOf(report), report.exitCode]).toEqual([['E6007'], 3]);
  const again = await shop.plan([pair('stale', { tags: 'three' })[0]]);
  await expect(shop.apply(again.place)).rejects.toThrow('E6010');
}, 600_000);

test('G5: with mocks everything can be planned and nothing applied', async () => {
  const plan = await shop.plan(pair('mocked'), { mock: true });
  expect(plan.problems).toEqual([]);
  expect(plan.bundle.units.map((entry) => [entry.unit.path, entry.plan === null, entry.mocks.map((mock) => mock.output)])).toEqual([
    [shopPath('mocked/api'), true, ['subnet_id']],
    [shopPath('mocked/vpc'), false, []],
  ]);
  expect(maskedPlan(plan.place, 'mocked/api')).toContain('local.terrace_mock_mocked_vpc_subnet_id');
  const encrypted = readFileSync(path.join(plan.place, 'units', shopPath('mocked/api'), 'plan.age'));
  expect(await decryptPlan(encrypted, [shop.keys.age.identity], shopPath('mocked/api'))).toMatchObject({ plan: null });
  await shop.approve(plan.place);
  await expect(shop.apply(plan.place)).rejects.toThrow('E6009');
}, 600_000);

test('G5: mocks fill only what is missing: a state that gives the output is read', async () => {
  await deployed(pair('given'));
  const plan = await shop.plan(pair('given', { version: 'v2' }), { mock: true });
  expect(plan.bundle.units.flatMap((entry) => entry.mocks)).toEqual([]);
}, 600_000);

test('G8: while somebody holds the lock, plan and apply end with 4, and the lock stays', async () => {
  await deployed(pair('locked'));
  const [vpc] = pair('locked', { tags: 'two' });
  const plan = await shop.plan([vpc]);
  await shop.approve(plan.place);
  const { states } = await shop.context();
  const target = plan.bundle.units[0]?.unit;
  if (target === undefined) throw new Error('no unit');
  await states.locked(target, shop.env, 'held by a test', async () => {
    const applied = await shop.apply(plan.place);
    expect([codesOf(applied), applied.exitCode]).toEqual([['E4401'], 4]);
    const planned = await shop.plan([vpc]);
    expect([codesOf(planned), planned.exitCode]).toEqual([['E4401'], 4]);
    expect(planned.problems[0]?.found).toContain('terrace apply');
    expect((await states.holder(target, shop.env))?.operation).toBe('terrace apply');
  });
  expect((await shop.apply(plan.place)).exitCode).toBe(0);
}, 600_000);

const canaries = {
  variable: 'canary-variable-7f3a',
  output: 'canary-output-7f3b',
  nested: 'canary-nested-7f3c',
  upstream: 'canary-upstream-7f3d',
  name: 'canary_name_7f3e',
};

/** Units that carry secrets in names, tags, values and data sources. */
function secretive(): readonly ShopUnit[] {
  return [
    {
      id: 'secret/store',
      variables: [{ name: 'token', type: 'string', sensitive: true, required: true, description: 'Set by hand' }],
      outputs: [{ name: 'password', sensitive: true }],
      json: {
        variable: { token: { type: 'string', sensitive: true } },
        resource: {
          terraform_data: {
            store: {
              input: { token: '${var.token}', tags: { Name: `\${sensitive("${canaries.nested}")}`, [canaries.nested]: 'as-a-key' } },
            },
            copy: { input: '${"prefix-${var.token}-suffix"}' },
          },
        },
        output: {
          password: { value: canaries.upstream, sensitive: true },
          visible: { value: 'open' },
          derived: { value: `\${sensitive("${canaries.output}")}`, sensitive: true },
        },
      },
    },
    {
      id: 'secret/reader',
      reads: { 'secret/store': ['password'] },
      json: {
        resource: {
          terraform_data: {
            reader: { input: { password: reads('secret/store', 'password'), note: `uses ${reads('secret/store', 'password')} here` } },
          },
        },
        output: { whole: { value: `\${sensitive(${reads('secret/store', 'password').slice(2, -1)})}`, sensitive: true } },
      },
    },
  ];
}

function filesBelow(folder: string): readonly string[] {
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((name) => path.join(folder, name))
        .filter((name) => statSync(name).isFile())
    : [];
}

test('G9: no secret of names, tags, values or data sources is in clear in bundle, logs, events, records or status', async () => {
  const env = { ...shop.env, TF_VAR_token: canaries.variable };
  const context = await shop.context({ env, accounts: { environmentFor: async () => env } });
  const out = shop.at('bundles', 'secret');
  const report = await shop.deploy(secretive(), { out }, context);
  expect(report.problems).toEqual([]);
  const model = shop.write(secretive());
  const status = await statusOf(context, model, loadTree(shop.at('live')), model.units, () => true);
  const records = await Promise.all(model.units.map((unit) => context.states.readRecord(unit, env)));
  const clear = [...filesBelow(out), ...filesBelow(shop.at('logs'))].filter(
    (file) => !file.endsWith('.age') && !/units\/.*\/files\//.test(file),
  );
  expect(clear.length).toBeGreaterThan(6);
  const texts = [
    ...clear.map((file) => readFileSync(file, 'utf8')),
    JSON.stringify(shop.events),
    JSON.stringify(status),
    JSON.stringify(records),
    JSON.stringify(report),
  ];
  for (const canary of [canaries.variable, canaries.output, canaries.upstream])
    expect(texts.filter((text) => text.includes(canary))).toEqual([]);
  expect(texts.join('').includes(canaries.nested)).toBe(false);
}, 600_000);

test('G9: an error that quotes a secret does not show it', async () => {
  const env = { ...shop.env, TF_VAR_token: canaries.variable };
  const unit: ShopUnit = {
    id: 'secret/broken',
    variables: [{ name: 'token', type: 'string', sensitive: true, required: true, description: '' }],
    json: {
      variable: { token: { type: 'string' } },
      resource: { terraform_data: { a: { input: '${tonumber("no number, ${var.token}")}' } } },
    },
  };
  const plan = await shop.plan([unit], {}, await shop.context({ env, accounts: { environmentFor: async () => env } }));
  expect(codesOf(plan)).toEqual(['E6018']);
  expect(JSON.stringify([plan.problems, plan.bundle, shop.events])).not.toContain(canaries.variable);
  expect(plan.problems[0]?.found).toContain('(sensitive)');
}, 600_000);

test('G9: no workspace is left behind', () => {
  const own = existsSync(workspacesIn(shop.at('work')))
    ? readdirSync(workspacesIn(shop.at('work'))).filter((name) => name.startsWith(`${process.pid}-`))
    : [];
  expect(own).toEqual([]);
});

test('G11: what failed in an earlier run is selected again with the next unrelated change', async () => {
  const failing: ShopUnit = {
    id: 'again/bad',
    json: {
      resource: { terraform_data: { bad: { input: 'x', provisioner: [{ 'local-exec': { command: 'exit 7' } }] } } },
      output: { id: { value: '${terraform_data.bad.id}' } },
    },
  };
  const behind: ShopUnit = { id: 'again/behind', reads: { 'again/bad': ['id'] }, json: { locals: { id: reads('again/bad', 'id') } } };
  const unrelated = { ...network(), id: 'again/other' };
  const first = await shop.deploy([failing, behind, unrelated]);
  expect(first.units.map(({ unit, status }) => [unit, status])).toEqual([
    [shopPath('again/bad'), 'failed'],
    [shopPath('again/behind'), 'deferred'],
    [shopPath('again/other'), 'applied'],
  ]);
  expect(first.problems[0]?.code).toBe('E6019');
  const model = shop.write([failing, behind, { ...network({ tags: 'changed' }), id: 'again/other' }]);
  const tree = loadTree(shop.at('live'));
  const inspected = await inspectUnits(await shop.context(), model, tree, model.units);
  const report = affectedByRecords(model, inspected, []);
  expect(report.units.map(({ unit, reasons }) => [unit, reasons[0]])).toEqual([
    [shopPath('again/bad'), expect.stringMatching(/^the last apply failed/)],
    [shopPath('again/behind'), 'it was never applied'],
    [shopPath('again/other'), expect.stringMatching(/^its files differ from those that were applied at/)],
  ]);
}, 600_000);

test('what is destroyed goes in the reverse order, and leaves records that say so', async () => {
  await deployed(pair('gone'));
  const report = await shop.deploy(pair('gone'), { operation: 'destroy' });
  expect(report.units.map(({ unit, status, actions }) => [unit, status, actions.destroy])).toEqual([
    [shopPath('gone/api'), 'applied', 1],
    [shopPath('gone/vpc'), 'applied', 2],
  ]);
  const { states } = await shop.context();
  const [entry] = report.bundles[0]?.bundle.units ?? [];
  if (entry === undefined) throw new Error('no unit');
  expect((await states.readRecord(entry.unit, shop.env))?.status).toBe('destroyed');
}, 600_000);

test('a state without a unit is an orphan until it is destroyed', async () => {
  await deployed(pair('orphan'));
  const model = shop.write([network()]);
  const status = await statusOf(await shop.context(), model, loadTree(shop.at('live')), model.units, () => true);
  expect(status.orphans.map((orphan) => orphan.unit).filter((unit) => unit.includes('/orphan/'))).toEqual([
    shopPath('orphan/api'),
    shopPath('orphan/vpc'),
  ]);
  expect(status.orphans.map((orphan) => orphan.unit)).not.toContain(shopPath('gone/vpc'));
}, 600_000);

test('a binary plan never stands outside its workspace', () => {
  const plans = filesBelow(shop.at('bundles')).filter((file) => readFileSync(file).subarray(0, 4).toString('latin1') === 'PK\u0003\u0004');
  expect(plans).toEqual([]);
  rmSync(shop.at('bundles'), { recursive: true, force: true });
});
