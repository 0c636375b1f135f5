import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';

import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, expect } from '@jest/globals';

import { s3Client } from '../../terrace/aws/clients';
import { objectText } from '../../terrace/aws/object-text';
import { runningSandbox, type Sandbox, startSandbox, stopSandbox } from '../../terrace/sandbox/control';
import { isAlive } from '../../terrace/base/living-process';
import { readRecord } from '../../terrace/sandbox/daemon/daemon-record';
import { withVariables } from '../../terrace/sandbox/environment/with-variables';
import { createFork, endForks, listForks } from '../../terrace/sandbox/forks';
import { inOrder } from '../_helpers/in-order';
import { temporaryFolder } from '../_helpers/sandbox';
import { until } from '../_helpers/until';

const test = inOrder();

/** A project without bindings: its sandbox has a cloud and stores, and starts at once. */
const project = temporaryFolder('terrace-forks-');
const dir = path.join(project, '.sandbox');
afterAll(async () => {
  await endForks(project, 'all');
  await stopSandbox(dir);
  rmSync(project, { recursive: true, force: true });
});

const place = { Bucket: 'states', Key: 'state' };

async function withS3<T>(sandbox: Pick<Sandbox, 'environment'>, use: (s3: Awaited<ReturnType<typeof s3Client>>) => Promise<T>): Promise<T> {
  const s3 = await s3Client('eu-central-1', withVariables({}, sandbox.environment({ account: '123456789012' })));
  try {
    return await use(s3);
  } finally {
    s3.destroy();
  }
}

const read = (sandbox: Sandbox): Promise<string> => withS3(sandbox, async (s3) => (await objectText(s3, place)).text);
const write = (sandbox: Sandbox, Body: string): Promise<unknown> =>
  withS3(sandbox, (s3) => s3.send(new PutObjectCommand({ ...place, Body })));

async function open(fork: { readonly dir: string }): Promise<Sandbox> {
  const sandbox = await runningSandbox({ dir: fork.dir, project });
  if (sandbox === undefined) throw new Error(`${fork.dir} does not run`);
  return sandbox;
}

test('forks of a running sandbox begin with its data, and none of them changes another or the original', async () => {
  const original = await startSandbox({ dir, project });
  await withS3(original, (s3) =>
    s3.send(new CreateBucketCommand({ Bucket: 'states', CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } })),
  );
  await write(original, 'one');
  const [first, second] = await Promise.all([
    createFork({ project, from: dir, name: 'first' }),
    createFork({ project, from: dir, name: 'second' }),
  ]);
  const [inFirst, inSecond] = [await open(first), await open(second)];
  expect([await read(inFirst), await read(inSecond), inFirst.id]).toEqual(['one', 'one', original.id]);
  await write(inFirst, 'two');
  await write(original, 'three');
  expect([await read(original), await read(inFirst), await read(inSecond)]).toEqual(['three', 'two', 'one']);
  const ports = [original, inFirst, inSecond].map((one) => readRecord(one.dir)?.port);
  expect(new Set(ports).size).toBe(3);
  const secrets = [original, inFirst, inSecond].map((one) => one.environment({ account: '123456789012' })['AWS_SECRET_ACCESS_KEY']);
  expect(new Set(secrets).size).toBe(3);
  expect((await listForks(project)).map(({ name, state, from }) => [name, state, from])).toEqual([
    ['first', 'running', dir],
    ['second', 'running', dir],
  ]);
});

test('a fork of a fork that is stopped has its data too', async () => {
  const first = path.join(dir, 'forks', 'first');
  await stopSandbox(first);
  const third = await createFork({ project, from: first, name: 'third' });
  expect(await read(await open(third))).toBe('two');
});

test('a fork that is ended leaves no process and no folder; the others go on', async () => {
  const third = path.join(dir, 'forks', 'third');
  const pid = readRecord(third)?.pid ?? 0;
  expect(await endForks(project, ['third'])).toEqual(['third']);
  expect([isAlive(pid), existsSync(third)]).toEqual([false, false]);
  await expect(endForks(project, ['third'])).rejects.toThrow(/E5011[\s\S]*the forks are first, second/);
  expect((await listForks(project)).map(({ name, state }) => [name, state])).toEqual([
    ['first', 'stopped'],
    ['second', 'running'],
  ]);
});

test('a fork ends by itself, folder and all, with the process that it was made for', async () => {
  const owner = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600000)'], { stdio: 'ignore' });
  const fork = await createFork({ project, name: 'owned', owner: owner.pid ?? 0 });
  const pid = readRecord(fork.dir)?.pid ?? 0;
  expect(isAlive(pid)).toBe(true);
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  await until(() => !isAlive(pid) && !existsSync(fork.dir));
  expect((await listForks(project)).map(({ name }) => name)).toEqual(['first', 'second']);
});

test('a fork that cannot be filled leaves no folder, and no process that waits for it', async () => {
  let dir = '';
  const fill = (folder: string): void => {
    dir = folder;
    throw new Error('not to be filled');
  };
  await expect(createFork({ project, name: 'torn', fill })).rejects.toThrow('not to be filled');
  expect([path.basename(dir), existsSync(dir)]).toEqual(['torn', false]);
  await until(() => !execFileSync('ps', ['-eo', 'command='], { encoding: 'utf8' }).includes(dir));
  expect((await listForks(project)).map(({ name }) => name)).toEqual(['first', 'second']);
});

test('a name that is taken or could leave the folder is refused, and nothing is left of what is not a sandbox', async () => {
  await expect(createFork({ project, name: 'second' })).rejects.toThrow(/E5010[\s\S]*already exists/);
  await expect(createFork({ project, name: '../second' })).rejects.toThrow(/E5010/);
  await expect(createFork({ project, from: path.join(project, 'nothing') })).rejects.toThrow(/E5009/);
  expect((await listForks(project)).map(({ name }) => name)).toEqual(['first', 'second']);
});
