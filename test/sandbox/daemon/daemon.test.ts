import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect, test } from '@jest/globals';

import { s3Client } from '../../../terrace/aws/clients';
import { projectRoot } from '../../_helpers/project-root';
import { resetSandbox, type Sandbox, sandboxStatus, startSandbox, stopSandbox } from '../../../terrace/sandbox/control';
import { isAlive } from '../../../terrace/base/living-process';
import { readRecord } from '../../../terrace/sandbox/daemon/daemon-record';
import { layoutOf } from '../../../terrace/sandbox/daemon/layout';
import { isFreePort } from '../../../terrace/sandbox/daemon/port-block';
import { ensureSettings, readSettings } from '../../../terrace/sandbox/daemon/settings';
import { withVariables } from '../../../terrace/sandbox/environment/with-variables';
import { sandboxFolders } from '../../_helpers/sandbox';

const newFolder = sandboxFolders('terrace-daemon-');

const pidOf = (dir: string): number => readRecord(dir)?.pid ?? 0;
const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (error: unknown) => (error instanceof Error ? error.message.slice(0, 5) : ''),
  );
const client = (sandbox: Sandbox) => s3Client('eu-central-1', withVariables({}, sandbox.environment({ account: '123456789012' })));
const Bucket = 'terraform-state-123456789012-eu-central-1';

async function makeBucket(sandbox: Sandbox): Promise<void> {
  const s3 = await client(sandbox);
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  s3.destroy();
}

/** Starts a sandbox in a process of its own. */
function starter(dir: string): Promise<{ readonly code: number; readonly output: string }> {
  const script = `require(${JSON.stringify(path.join(projectRoot, 'terrace/bin/compile.js'))}).load('sandbox/control').startSandbox({ dir: ${JSON.stringify(dir)} }).then((s) => console.log(s.id), (e) => { console.error(e.message); process.exit(1); })`;
  const child: ChildProcess = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code: code ?? -1, output: output.trim() })));
}

test('starting twice attaches to the one daemon, stopping twice does nothing more', async () => {
  const dir = newFolder();
  const first = await startSandbox({ dir, project: projectRoot });
  const pid = pidOf(dir);
  const second = await startSandbox({ dir, project: projectRoot });
  expect([second.id, pidOf(dir)]).toEqual([first.id, pid]);
  expect(await sandboxStatus(dir)).toMatchObject({ state: 'running', daemon: { pid, id: first.id, ready: true } });
  expect(await stopSandbox(dir)).toBe(true);
  expect(await stopSandbox(dir)).toBe(false);
  expect(await sandboxStatus(dir)).toMatchObject({ state: 'stopped' });
  expect(await sandboxStatus(newFolder())).toEqual({ state: 'absent' });
}, 600_000);

test('of several processes that start it at once all get the same daemon', async () => {
  const dir = newFolder();
  const results = await Promise.all(Array.from({ length: 5 }, () => starter(dir)));
  expect(results.map(({ code, output }) => [code, output])).toEqual(results.map(() => [0, readSettings(dir)?.id]));
  const status = await sandboxStatus(dir);
  expect(status).toMatchObject({ state: 'running', daemon: { pid: pidOf(dir) } });
}, 600_000);

test('ports and id are the same after a restart, so an open shell stays right', async () => {
  const dir = newFolder();
  const before = (await startSandbox({ dir, project: projectRoot })).environment();
  await stopSandbox(dir);
  const after = (await startSandbox({ dir, project: projectRoot })).environment();
  expect(after).toEqual(before);
  expect(Object.keys(JSON.parse(after['TF_REATTACH_PROVIDERS'] ?? '{}') as object)).toContain('registry.terraform.io/hashicorp/aws');
}, 600_000);

test('what was acknowledged before a kill -9 is there after the next start', async () => {
  const dir = newFolder();
  const sandbox = await startSandbox({ dir, project: projectRoot });
  await makeBucket(sandbox);
  const s3 = await client(sandbox);
  const acknowledged = new Map<string, string>();
  const write = async (index: number): Promise<void> => {
    const VersionId = (await s3.send(new PutObjectCommand({ Bucket, Key: `key-${index % 7}`, Body: `body ${index}` }))).VersionId;
    acknowledged.set(VersionId ?? '', `body ${index}`);
  };
  const writers = Array.from({ length: 4 }, async (_, writer) => {
    for (let index = writer; index < 4000; index += 4) await write(index);
  });
  const killed = Promise.allSettled(writers);
  while (acknowledged.size < 50) await sleep(5);
  process.kill(pidOf(dir), 'SIGKILL');
  s3.destroy();
  await killed;
  expect(await sandboxStatus(dir)).toMatchObject({ state: 'stale' });

  const again = await client(await startSandbox({ dir, project: projectRoot }));
  const stored = new Set<string>();
  for (let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {}; marker !== undefined;) {
    const page: { Versions?: { VersionId?: string }[]; IsTruncated?: boolean; NextKeyMarker?: string; NextVersionIdMarker?: string } =
      (await again.send(new ListObjectVersionsCommand({ Bucket, ...marker }))) as never;
    for (const { VersionId } of page.Versions ?? []) stored.add(VersionId ?? '');
    marker = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
  }
  expect([...acknowledged.keys()].filter((id) => !stored.has(id))).toEqual([]);
  const [last] = [...acknowledged].slice(-1);
  const key = `key-${Number(last?.[1].slice(5)) % 7}`;
  const got = await again.send(new GetObjectCommand({ Bucket, Key: key, ...(last === undefined ? {} : { VersionId: last[0] }) }));
  expect(await got.Body?.transformToString()).toBe(last?.[1]);
  again.destroy();
}, 600_000);

test("a record whose process is somebody else's does not get that process signalled", async () => {
  const dir = newFolder();
  const settings = await ensureSettings(dir);
  const bystander = spawn('sleep', ['60'], { stdio: 'ignore' });
  const pid = bystander.pid ?? 0;
  writeFileSync(layoutOf(dir).record, JSON.stringify({ version: 1, id: settings.id, pid, port: settings.port, started: '', reattach: {} }));
  expect(await sandboxStatus(dir)).toMatchObject({ state: 'stale' });
  expect(await stopSandbox(dir)).toBe(false);
  expect(isAlive(pid)).toBe(true);
  await startSandbox({ dir, project: projectRoot });
  expect(isAlive(pid)).toBe(true);
  expect(pidOf(dir)).not.toBe(pid);
  bystander.kill();
}, 600_000);

test('a daemon that hangs is stopped all the same', async () => {
  const dir = newFolder();
  await startSandbox({ dir, project: projectRoot });
  const pid = pidOf(dir);
  process.kill(pid, 'SIGSTOP');
  expect(await stopSandbox(dir)).toBe(true);
  expect(await isFreePort(readSettings(dir)?.port ?? 0)).toBe(true);
}, 600_000);

test('a port that another program holds is a coded error, and --new-ports the way out', async () => {
  const dir = newFolder();
  const settings = await ensureSettings(dir);
  const other = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => other.listen(settings.port, '127.0.0.1', resolve));
  expect(await codeOf(startSandbox({ dir, project: projectRoot }))).toBe('E5003');
  const sandbox = await startSandbox({ dir, newPorts: true, project: projectRoot });
  expect(readSettings(dir)?.port).not.toBe(settings.port);
  expect(sandbox.environment()['HTTP_PROXY']).toBe(`http://127.0.0.1:${readSettings(dir)?.port}`);
  other.close();
}, 600_000);

test('a folder that holds something else is not taken over', async () => {
  const dir = newFolder();
  writeFileSync(path.join(dir, 'sandbox.json'), '{"version":7}');
  expect(await codeOf(startSandbox({ dir, project: projectRoot }))).toBe('E5004');
  expect(readFileSync(path.join(dir, 'sandbox.json'), 'utf8')).toBe('{"version":7}');
});

test('it listens on the loopback address alone', async () => {
  const dir = newFolder();
  await startSandbox({ dir, project: projectRoot });
  const { port = 0 } = readSettings(dir) ?? {};
  const outward = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter(({ internal, family }) => !internal && family === 'IPv4'),
  );
  for (const { address } of outward) await expect(fetch(`http://${address}:${port}/_sandbox/status`)).rejects.toThrow('fetch failed');
  expect((await fetch(`http://127.0.0.1:${port}/_sandbox/status`)).status).toBe(403);
}, 600_000);

test('the daemon holds no credential, proxy or configuration of the shell that started it', async () => {
  const dir = newFolder();
  process.env['AWS_SECRET_ACCESS_KEY'] = 'real-secret';
  process.env['HTTPS_PROXY'] = 'http://proxy.corp.example';
  try {
    await startSandbox({ dir, project: projectRoot });
  } finally {
    delete process.env['AWS_SECRET_ACCESS_KEY'];
    delete process.env['HTTPS_PROXY'];
  }
  const file = `/proc/${pidOf(dir)}/environ`;
  const names = existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\0')
        .map((line) => line.split('=')[0] ?? '')
    : [];
  expect(names.filter((name) => /AWS|PROXY|TF_|TOKEN|SECRET/i.test(name))).toEqual([]);
}, 600_000);

test('a reset removes all data and renews generated values; id and ports stay', async () => {
  const dir = newFolder();
  const sandbox = await startSandbox({ dir, project: projectRoot });
  await makeBucket(sandbox);
  const units = [
    {
      variables: [{ name: 'api_token', type: 'string', sensitive: true, required: true, description: '' }],
      backend: { bucket: 'b', region: 'eu-central-1' },
    },
  ] as never;
  const before = sandbox.environment({ units });
  expect(sandbox.environment({ units })['TF_VAR_api_token']).toBe(before['TF_VAR_api_token']);
  await resetSandbox({ dir, project: projectRoot });
  const s3 = await client(sandbox);
  await expect(s3.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'NotFound' });
  s3.destroy();
  const { TF_VAR_api_token: token, ...rest } = sandbox.environment({ units });
  expect(token).not.toBe(before['TF_VAR_api_token']);
  const { TF_VAR_api_token: _old, ...restBefore } = before;
  expect(rest).toEqual(restBefore);
}, 600_000);

test('a reset of a stopped sandbox empties it and leaves it stopped', async () => {
  const dir = newFolder();
  const sandbox = await startSandbox({ dir, project: projectRoot });
  await makeBucket(sandbox);
  await stopSandbox(dir);
  await resetSandbox({ dir, project: projectRoot });
  expect(await sandboxStatus(dir)).toMatchObject({ state: 'stopped', settings: { generation: 1 } });
  expect(existsSync(layoutOf(dir).s3)).toBe(false);
}, 600_000);

test('the daemon ends when its folder is removed', async () => {
  const dir = newFolder();
  await startSandbox({ dir, project: projectRoot });
  const { port = 0 } = readSettings(dir) ?? {};
  rmSync(dir, { recursive: true, force: true });
  for (let attempt = 0; attempt < 100 && !(await isFreePort(port)); attempt += 1) await sleep(100);
  expect(await isFreePort(port)).toBe(true);
}, 600_000);

test('a copy of the folder neither stops, empties nor takes over the sandbox that it was copied from', async () => {
  const dir = newFolder();
  const sandbox = await startSandbox({ dir, project: projectRoot });
  await makeBucket(sandbox);
  const copy = newFolder();
  cpSync(dir, copy, { recursive: true });
  expect(await sandboxStatus(copy)).toMatchObject({ state: 'stale' });
  expect(await stopSandbox(copy)).toBe(false);
  await resetSandbox({ dir: copy, project: projectRoot });
  expect(await codeOf(startSandbox({ dir: copy, project: projectRoot }))).toBe('E5003');
  const s3 = await client(sandbox);
  expect(await s3.send(new HeadBucketCommand({ Bucket }))).toMatchObject({ $metadata: { httpStatusCode: 200 } });
  s3.destroy();
  const moved = await startSandbox({ dir: copy, newPorts: true, project: projectRoot });
  expect(moved.environment()['HTTP_PROXY']).not.toBe(sandbox.environment()['HTTP_PROXY']);
  expect(await sandboxStatus(dir)).toMatchObject({ state: 'running' });
}, 600_000);

test('the secret is for its user alone, and a folder that cannot be made is said at once', async () => {
  const dir = newFolder();
  await startSandbox({ dir, project: projectRoot });
  expect((statSync(layoutOf(dir).secret).mode & 0o777).toString(8)).toBe('600');
  for (const impossible of ['/proc/none/sandbox', path.join(layoutOf(dir).secret, 'below')])
    expect(await codeOf(startSandbox({ dir: impossible, project: projectRoot }))).toBe('E5008');
}, 600_000);

test('an account that is none is wrong usage', async () => {
  const sandbox = await startSandbox({ dir: newFolder(), project: projectRoot });
  expect(() => sandbox.environment({ account: '12' })).toThrow('E5006');
  expect(sandbox.environment({ account: '000000000007' })['AWS_ACCESS_KEY_ID']).toBe('SANDBOX000000000007');
}, 600_000);
