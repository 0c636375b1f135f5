import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, expect, test } from '@jest/globals';

import { runTerraform } from '../../terrace/terraform/run';

import type { TerraformBinary } from '../../terrace/terraform/binary';

const folder = mkdtempSync(path.join(tmpdir(), 'terrace-run-'));
afterAll(() => rmSync(folder, { recursive: true }));

function program(name: string, script: string): TerraformBinary {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return { path: file, name: 'terraform', version: '1.11.4' };
}

const env = { PATH: '/usr/bin:/bin' };

test('both streams, the exit code and each whole line arrive', async () => {
  const seen: string[] = [];
  const binary = program('streams', 'printf "one\\ntw"; sleep 0.05; printf "o\\r\\nlast"; echo warn >&2; exit 2');
  const result = await runTerraform(binary, { cwd: folder, args: [], env, onLine: (line, stream) => seen.push(`${stream} ${line}`) });
  expect(result).toMatchObject({ exitCode: 2, stdout: 'one\ntwo\r\nlast', stderr: 'warn\n', interrupted: false, killedBy: null });
  expect(seen.toSorted()).toEqual(['stderr warn', 'stdout last', 'stdout one', 'stdout two']);
  expect(result.seconds).toBeGreaterThan(0);
});

test('a character split over two chunks is not broken', async () => {
  const binary = program('utf8', "printf '\\303'; sleep 0.1; printf '\\251\\n'");
  expect((await runTerraform(binary, { cwd: folder, args: [], env })).stdout).toBe('é\n');
});

test('terraform runs without input, without asking for updates, with nothing of this environment', async () => {
  const binary = program('environment', 'cat; env');
  process.env['TERRACE_TEST_LEAK'] = '1';
  const { stdout } = await runTerraform(binary, { cwd: folder, args: [], env: { ...env, ONLY: 'this' } });
  delete process.env['TERRACE_TEST_LEAK'];
  expect(stdout).toContain('TF_INPUT=0');
  expect(stdout).toContain('TF_IN_AUTOMATION=1');
  expect(stdout).toContain('CHECKPOINT_DISABLE=1');
  expect(stdout).toContain('ONLY=this');
  expect(stdout).not.toContain('TERRACE_TEST_LEAK');
});

test('the log is appended to, in a folder made for it, for its owner only', async () => {
  const log = path.join(folder, 'logs', 'unit.log');
  const binary = program('log', 'echo out; echo err >&2');
  await runTerraform(binary, { cwd: folder, args: [], env, log });
  const result = await runTerraform(binary, { cwd: folder, args: [], env, log });
  expect(result.logError).toBeUndefined();
  expect(readFileSync(log, 'utf8').split('\n').toSorted()).toEqual(['', 'err', 'err', 'out', 'out']);
  expect(statSync(log).mode & 0o777).toBe(0o600);
});

test('a log on a full disk is reported and does not stop the run', async () => {
  const binary = program('full', 'echo out; exit 0');
  const result = await runTerraform(binary, { cwd: folder, args: [], env, log: '/dev/full' });
  expect(result.exitCode).toBe(0);
  expect(result.stdout).toBe('out\n');
  expect(String(result.logError)).toContain('ENOSPC');
});

test('an abort sends SIGINT once and waits until terraform has released its lock', async () => {
  const lock = path.join(folder, 'lock');
  const binary = program(
    'slow',
    `touch ${lock}; trap 'echo again >> ${folder}/signals; sleep 0.2; rm -f ${lock}; exit 1' INT; echo ready; while :; do sleep 0.05; done`,
  );
  const controller = new AbortController();
  const running = runTerraform(binary, {
    cwd: folder,
    args: [],
    env,
    signal: controller.signal,
    onLine: (line) => line === 'ready' && controller.abort(),
  });
  const result = await running;
  expect(result).toMatchObject({ exitCode: 1, interrupted: true });
  expect(existsSync(lock)).toBe(false);
  expect(readFileSync(path.join(folder, 'signals'), 'utf8')).toBe('again\n');
});

test('after an abort nothing is started', async () => {
  const binary = program('never', `touch ${folder}/never-started`);
  const result = await runTerraform(binary, { cwd: folder, args: [], env, signal: AbortSignal.abort() });
  expect(result).toMatchObject({ exitCode: 130, interrupted: true });
  expect(existsSync(path.join(folder, 'never-started'))).toBe(false);
});

test('terraform runs in a process group of its own, so that a Ctrl-C reaches it once', async () => {
  const binary = program('group', 'ps -o pgid= -p $$; echo $$');
  const [group, pid] = (await runTerraform(binary, { cwd: folder, args: [], env })).stdout.trim().split(/\s+/);
  expect(group).toBe(pid);
});

test('a killed terraform has exit code 128 + n', async () => {
  const binary = program('killed', 'kill -9 $$');
  expect(await runTerraform(binary, { cwd: folder, args: [], env })).toMatchObject({
    exitCode: 137,
    killedBy: 'SIGKILL',
    interrupted: false,
  });
});

test('a folder that does not exist is E8004', async () => {
  const binary = program('here', 'true');
  await expect(runTerraform(binary, { cwd: path.join(folder, 'absent'), args: [], env })).rejects.toThrow('E8004');
});

test('a program that may outlive this one writes to files of its owner, and its id stands beside them', async () => {
  const own = mkdtempSync(path.join(folder, 'outlives-'));
  const binary = program('outlives', 'echo out; echo err >&2; exit 1');
  const result = await runTerraform(binary, { cwd: own, args: [], env, outlives: own });
  expect(result).toMatchObject({ exitCode: 1, stdout: 'out\n', stderr: 'err\n' });
  expect(statSync(path.join(own, 'terraform.out')).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(path.join(own, 'terraform.json'), 'utf8'))).toEqual({ pid: expect.any(Number) });
});
