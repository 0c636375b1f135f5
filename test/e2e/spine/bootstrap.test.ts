import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, beforeAll, expect } from '@jest/globals';

import { bootstrapEnvironment, unitEnvironment } from '../../../terrace/bootstrap/bootstrap-environment';
import { destroyBackend } from '../../../terrace/bootstrap/destroy-unit';
import { backendStatus } from '../../../terrace/bootstrap/status';
import { localStateName, TerraformFolder } from '../../../terrace/bootstrap/terraform-folder';
import { loadModel, synthesize } from '../../../terrace/cli/project';
import { loadTree } from '../../../terrace/delivery/tree/load-tree';
import { inspectUnits } from '../../../terrace/delivery/inspection/inspect-units';
import { createContext } from '../../../terrace/delivery/terraform/create-context';
import type { Model, UnitModel } from '../../../terrace/model/model';
import { layoutOf } from '../../../terrace/sandbox/daemon/layout';
import { ServiceFaults } from '../../../terrace/sandbox/gateway/service-faults';
import { Cloud } from '../../../terrace/sandbox/providers/cloud/cloud';
import { Faults } from '../../../terrace/sandbox/providers/cloud/faults';
import { releaseLock } from '../../../terrace/state/lock/release-lock';
import { findTerraform, type TerraformBinary } from '../../../terrace/terraform/binary';
import { inOrder } from '../../_helpers/in-order';
import { problemsOf } from '../../_helpers/demo-project';
import { temporaryFolder, testSandbox, type TestSandbox } from '../../_helpers/sandbox';
import { projectRoot } from '../../_helpers/project-root';

const test = inOrder();

const scratch = temporaryFolder('terrace-bootstrap-');
const tree = path.join(scratch, 'tree');
let sandbox: TestSandbox;
let terraform: TerraformBinary;
let model: Model;
let unit: UnitModel;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  sandbox = await testSandbox();
  env = sandbox.env();
  terraform = await findTerraform(env);
  const whole = await loadModel(projectRoot, ['olechka/dev/eu-central-1/backend/state', 'olechka/dev/global']);
  model = whole;
  const found = model.units.find((one) => one.path === 'olechka/dev/eu-central-1/backend/state');
  if (found === undefined) throw new Error('olechka has no backend');
  unit = found;
  await synthesize(projectRoot, { selectors: model.units.map((one) => one.path), out: tree });
}, 600_000);

afterAll(async () => {
  await sandbox.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

interface RunOptions {
  readonly binary?: TerraformBinary;
  readonly work?: string;
  readonly only?: readonly UnitModel[];
  readonly tree?: string;
  readonly confirm?: (unit: UnitModel, plan: string) => Promise<boolean>;
}

const run = async (options: RunOptions = {}) =>
  bootstrapEnvironment({
    model: options.only === undefined ? model : { ...model, units: options.only },
    system: 'olechka',
    environment: 'dev',
    tree: options.tree ?? tree,
    work: options.work ?? path.join(scratch, 'work'),
    binary: options.binary ?? terraform,
    env,
    onStep: () => undefined,
    confirm: options.confirm ?? (async () => true),
  });

/** Why a plan would be needed after it, as `terrace status` and `affected --base applied` say. */
const reasons = async (): Promise<readonly string[]> => {
  const units = model.units.filter((one) => one.bootstrap || one.appliedByBootstrap);
  const inspected = await inspectUnits(await createContext({ work: path.join(scratch, 'work'), env }), model, loadTree(tree), units);
  expect(inspected).toHaveLength(3);
  return inspected.flatMap((one) => [...one.reasons, ...one.problems.map(({ found }) => found)]);
};

test('a bootstrap makes bucket, key and table with local state, moves the state into the bucket, and changes nothing the second time', async () => {
  expect(await backendStatus(unit, await unitEnvironment(model, unit, env))).toMatchObject({ condition: 'absent', states: 0 });
  expect(await run()).toEqual([
    { unit: 'olechka/dev/ap-southeast-1/backend/state', outcome: 'created' },
    { unit: 'olechka/dev/eu-central-1/backend/state', outcome: 'created' },
    { unit: 'olechka/dev/global/iam/github-oidc', outcome: 'created' },
  ]);
  expect(await backendStatus(unit, await unitEnvironment(model, unit, env))).toMatchObject({
    condition: 'ready',
    states: 2,
    bucketExists: true,
    tableExists: true,
  });
  expect(await reasons()).toEqual([]);
  expect((await run()).map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged', 'unchanged']);
  expect(await reasons()).toEqual([]);
}, 600_000);

test('a change of what exists is shown before it is made, and a no leaves it as it is and ends with 1', async () => {
  const changed = path.join(scratch, 'changed');
  cpSync(tree, changed, { recursive: true });
  const file = path.join(changed, unit.path, 'main.tf.json');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"ManagedBy": "terrace"', '"ManagedBy": "somebody"'));
  const shown: string[] = [];
  const answer = (yes: boolean) =>
    run({ tree: changed, only: [unit], confirm: async (one, plan) => shown.push(`${one.path}\n${plan}`) > 0 && yes });
  const own = await unitEnvironment(model, unit, env);
  const before = await backendStatus(unit, own);
  await expect(answer(false)).rejects.toMatchObject({ exitCode: 1, problems: [expect.objectContaining({ code: 'E4208' })] });
  expect(await backendStatus(unit, own)).toEqual(before);
  expect(await answer(true)).toEqual([{ unit: unit.path, outcome: 'changed' }]);
  expect(shown).toEqual([shown[1], expect.stringMatching(/aws_s3_bucket\.[^ ]+ will be updated in-place[\s\S]*"somebody"/)]);
  expect(await run({ only: [unit] })).toEqual([{ unit: unit.path, outcome: 'changed' }]);
  expect(shown).toHaveLength(2);
}, 600_000);

test('a state is written with the KMS key behind the alias as its encryption', () => {
  const written = sandbox
    .requests()
    .filter((request) => request.method === 'PUT' && request.target.includes('/eu-central-1/backend/state/terraform.tfstate'));
  expect(written.length).toBeGreaterThan(0);
  for (const { headers } of written) {
    expect(headers['x-amz-server-side-encryption']).toBe('aws:kms');
    expect(headers['x-amz-server-side-encryption-aws-kms-key-id']).toBe('arn:aws:kms:eu-central-1:123456789012:alias/terraform-state');
  }
});

test("a backend with other units' states in it is not destroyed; an empty one goes whole", async () => {
  const own = await unitEnvironment(model, unit, env);
  const destroy = () =>
    destroyBackend({
      unit,
      source: path.join(tree, unit.path),
      folder: new TerraformFolder({
        unit: unit.path,
        folder: path.join(scratch, 'destroy'),
        binary: terraform,
        env: own,
        variables: [],
        log: path.join(scratch, 'destroy.log'),
      }),
      env: own,
      onStep: () => undefined,
    });
  const problems = await problemsOf(destroy());
  expect(problems).toEqual([
    expect.objectContaining({ code: 'E4206', found: expect.stringContaining('dev/global/iam/github-oidc/terraform.tfstate') }),
  ]);
  await sandbox.reset();
  await run({ only: [unit] });
  expect(await destroy()).toBe('destroyed');
  expect(await backendStatus(unit, own)).toMatchObject({ condition: 'absent' });
  expect(await destroy()).toBe('absent');
}, 600_000);

/** terraform that reports its n-th call as killed, after having done what it was asked for. */
function killedAt(call: number): TerraformBinary {
  const counter = path.join(scratch, `calls-${call}`);
  const script = path.join(scratch, `terraform-${call}`);
  writeFileSync(counter, '0');
  writeFileSync(
    script,
    `#!/bin/sh\nn=$(($(cat '${counter}') + 1))\necho "$n" > '${counter}'\n'${terraform.path}' "$@"\ncode=$?\n[ "$n" -ge ${call} ] && exit 137\nexit "$code"\n`,
  );
  chmodSync(script, 0o755);
  return { ...terraform, path: script };
}

test('killed after any of its terraform calls, a bootstrap goes on where it stopped', async () => {
  const work = path.join(scratch, 'killed');
  const seen: number[] = [];
  for (let call = 1; ; call += 1) {
    await sandbox.reset();
    let finished: boolean;
    try {
      await run({ binary: killedAt(call), work, only: [unit] });
      finished = true;
    } catch {
      finished = false;
    }
    seen.push(Number(readFileSync(path.join(scratch, `calls-${call}`), 'utf8')));
    await run({ work, only: [unit] });
    expect(await run({ work, only: [unit] })).toEqual([{ unit: unit.path, outcome: 'unchanged' }]);
    if (finished) break;
    expect(call).toBeLessThan(12);
  }
  expect(seen.length).toBeGreaterThanOrEqual(5);
}, 600_000);

test('what an apply made before it was killed without writing its state is taken over, not made again', async () => {
  await sandbox.reset();
  const work = path.join(scratch, 'lost');
  // Killed after init and apply: everything exists, and the state that says so is lost.
  await expect(run({ binary: killedAt(2), work, only: [unit] })).rejects.toThrow('E4205');
  rmSync(path.join(work, unit.path, localStateName));
  expect(await run({ work, only: [unit] })).toEqual([{ unit: unit.path, outcome: 'created' }]);
  expect(await run({ work, only: [unit] })).toEqual([{ unit: unit.path, outcome: 'unchanged' }]);
}, 600_000);

test.each(['aws_kms_alias', 'aws_kms_key', 'aws_s3_bucket', 'aws_dynamodb_table'])(
  'what was made just before the kill, and is the only thing that the written state lacks, is taken over: %s',
  async (type) => {
    await sandbox.reset();
    const work = path.join(scratch, `lacking-${type}`);
    await expect(run({ binary: killedAt(2), work, only: [unit] })).rejects.toThrow('E4205');
    const file = path.join(work, unit.path, localStateName);
    const state: { readonly resources: readonly { readonly type: string }[] } = JSON.parse(readFileSync(file, 'utf8'));
    const known = state.resources.filter((one) => one.type !== type);
    expect(known.length).toBeLessThan(state.resources.length);
    writeFileSync(file, JSON.stringify({ ...state, resources: known }));
    const { cloud } = layoutOf(sandbox.dir);
    const before = new Cloud(cloud).list('aws', type).map(({ record }) => record.id);
    expect(await run({ work, only: [unit] })).toEqual([{ unit: unit.path, outcome: 'created' }]);
    expect(new Cloud(cloud).list('aws', type).map(({ record }) => record.id)).toEqual(before);
    expect(await run({ work, only: [unit] })).toEqual([{ unit: unit.path, outcome: 'unchanged' }]);
  },
  600_000,
);

/** terraform that dies in one of its commands as soon as a planned misfortune has struck: while what it asked for is under way. */
function dyingIn(command: string, faults: string): TerraformBinary {
  const script = path.join(scratch, `dying-${command}`);
  writeFileSync(
    script,
    `#!/bin/sh
case "$*" in '${command}'*) ;; *) exec '${terraform.path}' "$@" ;; esac
'${terraform.path}' "$@" &
while [ -f '${faults}' ]; do sleep 0.05; done
kill -9 $!
exit 137
`,
  );
  chmodSync(script, 0o755);
  return { ...terraform, path: script };
}

test('killed inside the creation of its key, a bootstrap takes up that key, which its tags name as its own, and makes no second one', async () => {
  await sandbox.reset();
  const work = path.join(scratch, 'key');
  const layout = layoutOf(sandbox.dir);
  new Faults(layout.cloud).add({ type: 'aws_kms_key', operation: 'create', kind: 'delay', message: '', milliseconds: 1000, times: 1 });
  const binary = dyingIn('apply', path.join(layout.cloud, 'faults.json'));
  await expect(run({ binary, work, only: [unit] })).rejects.toThrow('E4205');
  const keys = (): readonly string[] => new Cloud(layout.cloud).list('aws', 'aws_kms_key').map(({ record }) => record.id);
  for (let tries = 0; tries < 100 && keys().length === 0; tries += 1) await wait(100);
  const [made] = keys();
  rmSync(path.join(work, unit.path, localStateName), { force: true });
  expect(await run({ work, only: [unit] })).toEqual([{ unit: unit.path, outcome: 'created' }]);
  expect(keys()).toEqual([made]);
  expect(await run({ work, only: [unit] })).toEqual([{ unit: unit.path, outcome: 'unchanged' }]);
}, 600_000);

test('killed inside the push of its state, a bootstrap names the command that releases the lock, and goes on after it', async () => {
  await sandbox.reset();
  const work = path.join(scratch, 'push');
  const layout = layoutOf(sandbox.dir);
  const aim = { service: 's3', operation: 'PUT', match: unit.backend.key } as const;
  new ServiceFaults(layout.cloud).add({ ...aim, kind: 'delay', status: 500, milliseconds: 1000, skip: 0, times: 1 });
  const binary = dyingIn('state push', path.join(layout.cloud, 'service-faults.json'));
  await expect(run({ binary, work, only: [unit] })).rejects.toThrow('E4205');
  const [problem] = await problemsOf(run({ work, only: [unit] }));
  const id = /terrace lock release \S+ --id ([\w-]+)/.exec(problem?.todo ?? '')?.[1] ?? '';
  expect([problem?.code, id]).toEqual(['E4401', expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  const own = await unitEnvironment(model, unit, env);
  await releaseLock(unit, { id, minAge: 0, force: true, confirm: async () => true, env: own });
  expect((await run({ work, only: [unit] })).map(({ outcome }) => outcome)).not.toContain('failed');
  expect(await run({ work, only: [unit] })).toEqual([{ unit: unit.path, outcome: 'unchanged' }]);
}, 600_000);

test('credentials of another account are refused before anything is read', async () => {
  const wrong = { ...sandbox.env(), TERRACE_CREDENTIALS: 'ambient', AWS_ACCESS_KEY_ID: 'SANDBOX999999999999' };
  const before = sandbox.requests().filter(({ service }) => service === 's3').length;
  expect(await problemsOf(unitEnvironment(model, unit, wrong))).toEqual([
    expect.objectContaining({ code: 'E4105', place: 'olechka/dev', expected: 'account 123456789012' }),
  ]);
  expect(sandbox.requests().filter(({ service }) => service === 's3')).toHaveLength(before);
});
