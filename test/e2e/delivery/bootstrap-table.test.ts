import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { s3Client } from '../../../terrace/aws/clients';
import { TerraceError } from '../../../terrace/base/errors';
import { bootstrapEnvironment, unitEnvironment } from '../../../terrace/bootstrap/bootstrap-environment';
import { destroyBackend } from '../../../terrace/bootstrap/destroy-unit';
import { backendStatus } from '../../../terrace/bootstrap/status';
import { TerraformFolder } from '../../../terrace/bootstrap/terraform-folder';
import { terraformAt } from '../../../terrace/delivery/terraform/at-work';
import type { Model, UnitModel } from '../../../terrace/model/model';
import { resetSandbox } from '../../../terrace/sandbox/control';
import { layoutOf } from '../../../terrace/sandbox/daemon/layout';
import { readRequestLog } from '../../../terrace/sandbox/gateway/request-log';
import { ServiceFaults } from '../../../terrace/sandbox/gateway/service-faults';
import { Cloud } from '../../../terrace/sandbox/providers/cloud/cloud';
import { EventLog } from '../../../terrace/sandbox/providers/cloud/event-log';
import { Faults } from '../../../terrace/sandbox/providers/cloud/faults';
import { releaseLock } from '../../../terrace/state/lock/release-lock';
import { findTerraform, type TerraformBinary } from '../../../terrace/terraform/binary';
import { aimedRequests, chosenCells, faultCells, tableLine, type AimedRequest } from '../../_helpers/fault-cells';
import { run, succeeded, words } from '../../_helpers/scratch-project';
import { smallProject, type SmallProject } from '../../_helpers/small-project';
import { full } from '../../_helpers/where-available';

let project: SmallProject;
let model: Model;
let unit: UnitModel;
let env: NodeJS.ProcessEnv;
let own: NodeJS.ProcessEnv;
let terraform: TerraformBinary;
let cloudFolder: string;
let faults: ServiceFaults;
let creations: Faults;
/** What stands when it was made without a fault: how many resources of each type. */
let whole: string;
const work = (): string => path.join(project.root, '.terrace');

beforeAll(async () => {
  project = await smallProject({}, { bootstrap: true });
  succeeded(await project.run('synth'));
  env = { ...project.env, AWS_MAX_ATTEMPTS: '1' };
  terraform = await findTerraform(env);
  model = project.model();
  const found = model.units.find((one) => one.bootstrap);
  if (found === undefined) throw new Error('no backend');
  unit = found;
  own = await unitEnvironment(model, unit, env);
  cloudFolder = layoutOf(path.join(project.root, '.sandbox')).cloud;
  faults = new ServiceFaults(cloudFolder);
  creations = new Faults(cloudFolder);
}, 600_000);
afterAll(() => project.dispose());

/** What ended a run: nothing, or what it said. */
type Ending = TerraceError | undefined;

async function ended(work: () => Promise<unknown>): Promise<Ending> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof TerraceError) return error;
    // One cell that nobody foresaw does not end the table: it is wrong, as the command line would say it.
    return new TerraceError({ code: 'E0009', title: 'unexpected failure', place: '', found: String(error), todo: '' });
  }
}

const bootstrap = (): Promise<readonly { readonly outcome: string }[]> =>
  bootstrapEnvironment({
    model,
    system: unit.system,
    environment: unit.environment,
    tree: path.join(project.root, 'live'),
    work: path.join(work(), 'bootstrap'),
    binary: terraform,
    env,
    onStep: () => undefined,
    confirm: async () => true,
  });
const destroy = (): Promise<unknown> =>
  destroyBackend({
    unit,
    source: path.join(project.root, 'live', unit.path),
    folder: new TerraformFolder({
      unit: unit.path,
      folder: path.join(work(), 'backend-destroy', unit.path),
      binary: terraform,
      env: own,
      variables: unit.variables,
      log: path.join(work(), 'destroy.log'),
    }),
    env: own,
    onStep: () => undefined,
  });

/** A command with what stands before it and after it. */
interface BackendCommand {
  readonly name: string;
  readonly args: () => readonly string[];
  readonly prepare: () => Promise<unknown>;
  readonly run: () => Promise<unknown>;
  /** What is not as it is after a success. */
  readonly left: () => Promise<readonly string[]>;
}

const commands: readonly BackendCommand[] = [
  {
    name: 'backend bootstrap',
    args: () => ['backend', 'bootstrap', `${unit.system}/${unit.environment}`, '--yes'],
    prepare: async () => undefined,
    run: bootstrap,
    left: async () => {
      const { condition } = await backendStatus(unit, own);
      return [
        ...(condition === 'ready' ? [] : [`the backend is ${condition}`]),
        ...(counts() === whole ? [] : [`made: ${counts()}`]),
        ...furtherKeys(),
      ];
    },
  },
  {
    name: 'backend destroy',
    args: () => ['backend', 'destroy', unit.path, '--confirm', unit.backend.bucket],
    prepare: bootstrap,
    run: destroy,
    left: async () => [...(counts() === '{}' ? [] : [`still there: ${counts()}`]), ...furtherKeys()],
  },
];

/** Keys that were made since the sandbox was reset, beyond the one that is wanted. */
function furtherKeys(): readonly string[] {
  const made = new EventLog(cloudFolder).all().filter(({ operation, type }) => operation === 'create' && type === 'aws_kms_key');
  return made.length > 1 ? [`${made.length} keys were made`] : [];
}

/** How many resources of each type exist. A setting of a bucket that is made again is the same setting, kept beside the first as `~2`. */
function counts(): string {
  const keys = new Set(new Cloud(cloudFolder).allKeys().map((key) => key.replace(/~\d+$/, '')));
  const types = [...keys].map((key) => key.split('/').at(-2) ?? '');
  return JSON.stringify(
    Object.fromEntries([...new Set(types)].toSorted().map((type) => [type, types.filter((one) => one === type).length])),
  );
}

async function begin(command: BackendCommand): Promise<void> {
  await resetSandbox({ dir: path.join(project.root, '.sandbox'), project: project.root });
  for (const name of ['bootstrap', 'backend-destroy']) rmSync(path.join(work(), name), { recursive: true, force: true });
  await command.prepare();
}

/** Runs it again as its messages say until it is done; what is not right then. */
async function goesOn(command: BackendCommand, first: Ending): Promise<readonly string[]> {
  const said: string[] = [];
  let last = first;
  for (let tries = 0; tries < 4; tries += 1) {
    const ids = new Set([...(last?.message ?? '').matchAll(/terrace lock release \S+ --id ([\w-]+)/g)].map(([, id = '']) => id));
    for (const id of ids) {
      const released = await ended(() => releaseLock(unit, { id, minAge: 0, force: true, confirm: async () => true, env: own }));
      if (released !== undefined) said.push(released.message.slice(-300));
    }
    last = await ended(command.run);
    said.push(last?.message.slice(-300) ?? 'done');
    if (last === undefined) break;
  }
  const left = await command.left();
  return last === undefined && left.length === 0 ? [] : ['does not go on', ...left, first?.message.slice(-300) ?? '', ...said];
}

async function requestsOf(command: BackendCommand): Promise<readonly AimedRequest[]> {
  await begin(command);
  const { requests } = layoutOf(path.join(project.root, '.sandbox'));
  const before = readRequestLog(requests).length;
  expect(await ended(command.run)).toBeUndefined();
  if (command.run === bootstrap) whole = counts();
  return aimedRequests(readRequestLog(requests).slice(before));
}

test.each(commands)(
  '$name goes through every fault at every request: nothing is made twice or left, a success is one, and the next run goes on',
  async (command) => {
    const cells = chosenCells(faultCells(await requestsOf(command)), command.run === bootstrap ? 67 : 97);
    const outcomes: Record<number, number> = {};
    const wrong: unknown[] = [];
    for (const { index, service, skip, kind } of cells) {
      await begin(command);
      faults.add({ service, operation: 'any', kind, status: 500, milliseconds: 50, skip, times: 1 });
      const outcome = await ended(command.run);
      faults.remove();
      const code = outcome?.exitCode ?? 0;
      outcomes[code] = (outcomes[code] ?? 0) + 1;
      const found = [
        ...(outcome?.problems.some((one) => one.code === 'E0009') === true ? [outcome.message] : []),
        ...(outcome === undefined ? await command.left() : await goesOn(command, outcome)),
      ];
      if (found.length === 0) continue;
      wrong.push({ index, service, kind, code, found });
      tableLine({ command: command.name, index, service, kind, code, found });
    }
    tableLine(`${command.name}: ${cells.length} faults, ended with ${JSON.stringify(outcomes)}, ${wrong.length} wrong`);
    expect(wrong).toEqual([]);
  },
  7_200_000,
);

/** What it is killed at: a request, or the creation of a resource, alone or with its terraform. */
type Moment = AimedRequest | { readonly type: string; readonly with: 'alone' | 'its terraform' };
const delay = { kind: 'delay', milliseconds: 1200, times: 1 } as const;

/** Kills it at a moment; what a second run says while the terraform of the first still works. */
async function killed(command: BackendCommand, moment: Moment): Promise<Ending> {
  await begin(command);
  if ('type' in moment) creations.add({ ...delay, type: moment.type, operation: 'create', message: '' });
  else faults.add({ ...delay, service: moment.service, operation: 'any', status: 500, skip: moment.skip });
  let child: ChildProcess | undefined;
  const program = { isOver: false };
  const ending = run(process.execPath, [path.join(project.root, 'node_modules/terrace/bin/terrace.js'), ...command.args()], {
    cwd: project.root,
    env,
    started: (one) => (child = one),
  }).finally(() => (program.isOver = true));
  while (!program.isOver && faults.list().length + creations.list().length > 0) await wait(20);
  const living = terraformAt(work(), unit.path);
  if (living !== undefined && 'type' in moment && moment.with === 'its terraform') process.kill(living.pid, 'SIGKILL');
  child?.kill('SIGKILL');
  await ending;
  const early = terraformAt(work(), unit.path) === undefined ? undefined : await ended(command.run);
  while (terraformAt(work(), unit.path) !== undefined) await wait(50);
  await wait(delay.milliseconds);
  faults.remove();
  creations.remove();
  return early;
}

const types = ['aws_kms_key', 'aws_s3_bucket', 'aws_dynamodb_table'];

test.each(commands)(
  '$name is killed at every request and inside every creation: a second run waits for its terraform, makes nothing twice and goes on',
  async (command) => {
    const inside = types.flatMap((type) => (['alone', 'its terraform'] as const).map((by) => ({ type, with: by })));
    const all: readonly Moment[] = [...(command.run === bootstrap ? inside : []), ...(await requestsOf(command))];
    // In a run that is not full: the creation of the key, alone.
    const moments = full ? chosenCells(all, 1) : all.slice(0, command.run === bootstrap ? 1 : 0);
    const wrong: unknown[] = [];
    let waited = 0;
    for (const moment of moments) {
      const early = await killed(command, moment);
      if (early?.problems[0]?.code === 'E4214') waited += 1;
      const found = await goesOn(command, early?.problems[0]?.code === 'E4214' ? undefined : early);
      if (found.length === 0) continue;
      wrong.push({ moment, found });
      tableLine({ command: command.name, moment, found });
    }
    tableLine(`${command.name}: killed ${moments.length} times, its terraform was waited for ${waited} times, ${wrong.length} wrong`);
    expect(wrong).toEqual([]);
    if (command.run === bootstrap) expect(waited).toBeGreaterThan(0);
  },
  7_200_000,
);

test("a run that failed before it looked lets the next one take over nothing of somebody else's", async () => {
  await resetSandbox({ dir: path.join(project.root, '.sandbox'), project: project.root });
  rmSync(path.join(work(), 'bootstrap'), { recursive: true, force: true });
  const s3 = await s3Client(unit.backend.region, own);
  const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' } as const;
  await s3.send(new CreateBucketCommand({ Bucket: unit.backend.bucket, CreateBucketConfiguration }));
  s3.destroy();
  faults.add({ service: 's3', operation: 'HEAD', kind: 'status', status: 500, milliseconds: 0, skip: 0, times: 1 });
  const codes = [await ended(bootstrap), await ended(bootstrap)].map((error) => error?.problems[0]?.code);
  expect([faults.list(), codes[0] !== 'E4211', codes[1]]).toEqual([[], true, 'E4211']);
}, 600_000);

test('answers of 404 without a code are no backend that is gone: its end says so, and destroys nothing', async () => {
  await resetSandbox({ dir: path.join(project.root, '.sandbox'), project: project.root });
  rmSync(path.join(work(), 'bootstrap'), { recursive: true, force: true });
  await bootstrap();
  const before = counts();
  for (const operation of ['any', 'GET', 'HEAD']) {
    faults.add({ service: 's3', operation, kind: 'status', status: 404, milliseconds: 0, skip: 0 });
    const ended = await project.run('backend', 'destroy', unit.path, '--confirm', unit.backend.bucket);
    faults.remove();
    expect([operation, ended.code, words(ended), counts()]).toEqual([operation, 1, expect.stringMatching(/E\d{4}/), before]);
  }
}, 600_000);
