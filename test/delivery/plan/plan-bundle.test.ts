import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { planBundle, type BundleRequest } from '../../../terrace/delivery/plan/plan-bundle';
import { planTargets } from '../../../terrace/delivery/deploy/deploy';
import { newAgeKey } from '../../../terrace/delivery/bundle/age';
import type { TerraformRun } from '../../../terrace/terraform/run';
import { fakeDelivery, MemoryStates } from '../../_helpers/delivery-fakes';
import { temporaryFolder } from '../../_helpers/sandbox';
import { codesOf, errorOf } from '../../_helpers/shop';
import { network, service, writeShop, type ShopUnit } from '../../_helpers/shop-tree';

const folder = temporaryFolder('terrace-plan-');
let recipient = '';
beforeAll(async () => {
  recipient = (await newAgeKey()).recipient;
});
afterAll(() => rmSync(folder, { recursive: true }));

function request(units: readonly ShopUnit[], changes: Partial<BundleRequest> = {}): BundleRequest {
  rmSync(path.join(folder, 'live'), { recursive: true, force: true });
  const model = writeShop(path.join(folder, 'live'), units);
  return {
    targets: planTargets(
      model,
      path.join(folder, 'live'),
      model.units.map((unit) => unit.path),
    ),
    commit: model.commit,
    dirty: false,
    authors: [],
    rules: null,
    models: new Map(model.units.map((unit) => [unit.path, unit])),
    recipients: [recipient],
    out: path.join(folder, 'bundle'),
    ...changes,
  };
}

test('outside the sandbox a dirty work tree is refused with 3, before anything runs', async () => {
  const delivery = fakeDelivery({ states: new MemoryStates() });
  const error = await errorOf(planBundle(delivery, request([network()], { dirty: true })));
  expect([codesOf(error), error.exitCode, delivery.workspaces]).toEqual([['E6020'], 3, []]);
});

test('the refusal of a dirty work tree names the files that differ, ten of them and then how many more', async () => {
  const found = async (count: number): Promise<string | undefined> => {
    const changedFiles = (): readonly string[] => Array.from({ length: count }, (_, index) => `stacks/${index}.ts`);
    const error = await errorOf(
      planBundle(fakeDelivery({ states: new MemoryStates() }), request([network()], { dirty: true, changedFiles })),
    );
    return error.problems[0]?.found;
  };
  const words = 'uncommitted changes: the plan could not be tied to a commit';
  const ten = Array.from({ length: 10 }, (_, index) => `stacks/${index}.ts`).join('\n');
  expect(await found(10)).toBe(`${words}\n${ten}`);
  expect(await found(12)).toBe(`${words}\n${ten}\nand 2 more`);
});

test('a place that holds something else is refused before the first terraform', async () => {
  const file = path.join(folder, 'README.md');
  const notes = path.join(folder, 'notes');
  writeFileSync(file, 'keep');
  mkdirSync(notes);
  writeFileSync(path.join(notes, 'a.txt'), 'keep');
  for (const out of [file, notes, path.join(file, 'below')]) {
    const delivery = fakeDelivery({ states: new MemoryStates() });
    const error = await errorOf(planBundle(delivery, request([network()], { out })));
    expect([codesOf(error), delivery.workspaces, readFileSync(file, 'utf8')]).toEqual([['E6027'], [], 'keep']);
  }
});

test('a sandbox that is only named in a left-over variable is no sandbox', async () => {
  const left = fakeDelivery({
    states: new MemoryStates(),
    env: { TERRACE_SANDBOX: 'abc', AWS_ACCESS_KEY_ID: 'AKIAREAL', AWS_ENDPOINT_URL_S3: 'http://s3.sandbox' },
  });
  expect(codesOf(await errorOf(planBundle(left, request([network()], { dirty: true }))))).toEqual(['E6020']);
});

test('G9: without recipients nothing is planned', async () => {
  const error = await errorOf(planBundle(fakeDelivery({ states: new MemoryStates() }), request([network()], { recipients: [] })));
  expect([codesOf(error), error.exitCode]).toEqual([['E6021'], 3]);
});

test('every unit whose required variables are missing is named at once', async () => {
  const variables = [{ name: 'db_password', type: 'string', sensitive: true, required: true, description: 'Set by hand' }];
  const error = await errorOf(
    planBundle(
      fakeDelivery({ states: new MemoryStates(), env: {} }),
      request([
        { ...network(), variables },
        { ...service(), variables },
      ]),
    ),
  );
  expect(codesOf(error)).toEqual(['E6023', 'E6023']);
  expect(error.message).toContain('TF_VAR_db_password is not set (Set by hand)');
});

test('an upstream that nobody selected and that has no state is an error, not a deferral', async () => {
  const all = request([network(), service()]);
  const report = await planBundle(fakeDelivery({ states: new MemoryStates() }), {
    ...all,
    targets: all.targets.filter((target) => target.unit.layer === 'compute'),
  });
  expect([codesOf(report), report.exitCode, report.bundle.units]).toEqual([['E6040'], 1, []]);
});

test('a unit that fails stops only its dependents', async () => {
  const delivery = fakeDelivery({
    states: new MemoryStates(),
    onRun: (_run, key) => ({ exitCode: 1, stderr: key.includes('vpc') ? '│ Error: no such zone' : '│ Error: another' }),
  });
  const report = await planBundle(delivery, request([network(), service(), { ...network(), id: 'storage/db' }]));
  expect(report.problems.map((problem) => [problem.place, problem.found])).toEqual([
    ['shop/dev/eu-central-1/network/vpc', 'Error: no such zone'],
    ['shop/dev/eu-central-1/storage/db', 'Error: another'],
  ]);
  expect(report.bundle.failed.map((one) => [one.unit, one.error])).toEqual([
    ['shop/dev/eu-central-1/compute/api', 'shop/dev/eu-central-1/network/vpc could not be planned'],
    ['shop/dev/eu-central-1/network/vpc', 'E6035 Error: no such zone'],
    ['shop/dev/eu-central-1/storage/db', 'E6035 Error: another'],
  ]);
  expect(report.exitCode).toBe(1);
});

test('G8: a lock that terraform finds held ends with 4 and names the holder', async () => {
  const stderr =
    '╷\n│ Error: Error acquiring the state lock\n│ \n│ Error message: operation error DynamoDB: PutItem, ConditionalCheckFailedException\n│ Lock Info:\n│   ID:        8f0e\n│   Path:      b/k\n│   Operation: OperationTypeApply\n│   Who:       bob@laptop\n│   Version:   1.11.4\n│   Created:   2026-11-21 09:00:00.1 +0000 UTC\n│   Info:      \n╵\n';
  const report = await planBundle(
    fakeDelivery({ states: new MemoryStates(), onRun: () => ({ exitCode: 1, stderr }) }),
    request([network()]),
  );
  expect([codesOf(report), report.exitCode]).toEqual([['E4401'], 4]);
  expect(report.problems[0]?.found).toContain('bob@laptop');
});

test('a full disk, a killed terraform and a wrong provider each have their code', async () => {
  const run = async (result: object): Promise<readonly string[]> =>
    codesOf(await planBundle(fakeDelivery({ states: new MemoryStates(), onRun: () => result }), request([network()])));
  expect(await run({ exitCode: 1, stderr: 'Error: write tfplan: no space left on device' })).toEqual(['E6027']);
  expect(await run({ exitCode: 137, killedBy: 'SIGKILL' })).toEqual(['E6033']);
  expect(await run({ exitCode: 1, stderr: '│ Error: Failed to query available provider packages' })).toEqual(['E6035']);
});

test('an interruption ends without a bundle', async () => {
  const controller = new AbortController();
  const delivery = {
    ...fakeDelivery({
      states: new MemoryStates(),
      onRun: () => {
        controller.abort();
        return { exitCode: 1, interrupted: true };
      },
    }),
    signal: controller.signal,
  };
  const error = await errorOf(
    planBundle(delivery, request([network(), { ...network(), id: 'storage/db' }], { out: path.join(folder, 'interrupted') })),
  );
  expect(codesOf(error)).toEqual(['E6036']);
  expect(delivery.events.at(-1)).toEqual({ type: 'interrupted' });
});

test('a file that terraform would read and nobody synthesized is refused', async () => {
  const { writeFileSync } = await import('node:fs');
  const model = writeShop(path.join(folder, 'foreign'), [network()]);
  writeFileSync(path.join(folder, 'foreign', model.units[0]?.path ?? '', 'override.tf'), '# hello');
  expect(() =>
    planTargets(
      model,
      path.join(folder, 'foreign'),
      model.units.map((unit) => unit.path),
    ),
  ).toThrow('E6025');
});

test('terraform plan gets a calmer Go collector, unless the shell names its own; init does not', async () => {
  const collectors = async (env: NodeJS.ProcessEnv): Promise<readonly unknown[]> => {
    const seen: unknown[] = [];
    const onRun = (run: TerraformRun) => {
      seen.push([run.args[0], run.env['GOGC']]);
      return run.args[0] === 'plan' ? { exitCode: 1 } : undefined;
    };
    await planBundle(fakeDelivery({ states: new MemoryStates(), onRun, env }), request([network()]));
    return seen;
  };
  expect(await collectors({})).toEqual([
    ['init', undefined],
    ['plan', '200'],
  ]);
  expect(await collectors({ GOGC: '50' })).toEqual([
    ['init', '50'],
    ['plan', '50'],
  ]);
});
