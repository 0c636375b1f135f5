import { spawnSync } from 'node:child_process';

import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { enterLines, leaveLines, listedNames, shellPid } from '../../../terrace/sandbox/environment/shell';

/** Runs a script and gives the environment that programs started at its marks see. */
function environments(script: string, env: Readonly<Record<string, string>>): readonly Readonly<Record<string, string>>[] {
  const print = `"${process.execPath}" -e 'process.stdout.write(JSON.stringify(process.env) + "\\n")'`;
  const run = spawnSync('sh', ['-eu', '-c', script.replaceAll('@@', print)], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout
    .trim()
    .split('\n')
    .map((line) => {
      const { _: _command, SHLVL: _level, OLDPWD: _old, PWD: _now, ...rest } = JSON.parse(line) as Record<string, string>;
      return rest;
    });
}

const enter = (values: Readonly<Record<string, string>>, listed: readonly string[] = []): string => enterLines(values, listed).join('\n');
const leave = (listed: readonly string[]): string => leaveLines(listed).join('\n');

test('entering sets values, unsets blanked names and leaves the rest', () => {
  const [inside] = environments(`${enter({ AWS_PROFILE: '', HTTP_PROXY: 'http://127.0.0.1:1' })}\n@@`, {
    AWS_PROFILE: 'production',
    OTHER: 'kept',
  });
  expect(inside).toMatchObject({ HTTP_PROXY: 'http://127.0.0.1:1', OTHER: 'kept', TERRACE_SANDBOX_NAMES: 'AWS_PROFILE HTTP_PROXY' });
  expect(inside).not.toHaveProperty('AWS_PROFILE');
});

test('no program inside sees the credentials from before, not even where the shell exports everything', () => {
  const lines = enter({ AWS_SECRET_ACCESS_KEY: 'sandbox', GITHUB_TOKEN: '' });
  for (const script of [`${lines}\n@@`, `set -a\n${lines}\n@@`]) {
    const [inside] = environments(script, { AWS_SECRET_ACCESS_KEY: 'real-secret', GITHUB_TOKEN: 'real-token' });
    expect(JSON.stringify(inside)).not.toMatch(/real-/);
  }
});

test('leaving gives back what was there before, whatever the values are', () => {
  const value = fc.string({ unit: fc.constantFrom('a', ' ', "'", '"', '$', '`', '\\', '\n', '*', '~', '!', 'é', ';', '#') });
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('A', 'B', 'C', 'D'), value),
      fc.dictionary(fc.constantFrom('A', 'B', 'C', 'E'), value),
      (before, values) => {
        const [outside, inside, after] = environments(`@@\n${enter(values)}\n@@\n${leave(Object.keys(values))}\n@@`, before);
        expect(after).toEqual(outside);
        for (const [name, expected] of Object.entries(values)) expect(inside?.[name]).toBe(expected === '' ? undefined : expected);
      },
    ),
    { numRuns: 25 },
  );
});

test('entering twice keeps what was there before the first time', () => {
  const first = enter({ A: 'sandbox', B: '' });
  const second = enter({ A: 'other', C: 'new' }, ['A', 'B']);
  const [inside, after] = environments(`${first}\n${second}\n@@\n${leave(['A', 'B', 'C'])}\n@@`, { A: 'mine', B: 'yours' });
  expect(inside).toMatchObject({ A: 'other', C: 'new', TERRACE_SANDBOX_NAMES: 'A B C' });
  expect(inside).not.toHaveProperty('B');
  expect(after).toMatchObject({ A: 'mine', B: 'yours' });
  expect(after).not.toHaveProperty('C');
});

test('a shell opened inside has nothing to restore, and unsets', () => {
  const [after] = environments(`${leave(['A'])}\n@@`, { A: 'sandbox', TERRACE_SANDBOX_NAMES: 'A' });
  expect(after).not.toHaveProperty('A');
  expect(after).not.toHaveProperty('TERRACE_SANDBOX_NAMES');
});

test('the process of the shell itself stands where its id is wanted', () => {
  const values = { TF_REATTACH_PROVIDERS: JSON.stringify({ a: { Pid: shellPid } }) };
  const [inside] = environments(`${enter(values)}\nexport SELF=$$\n@@`, {});
  expect(JSON.parse(inside?.['TF_REATTACH_PROVIDERS'] ?? '')).toEqual({ a: { Pid: Number(inside?.['SELF']) } });
});

test('names that are no variable names are neither printed nor read back', () => {
  expect(enter({ 'A; rm -rf /': 'x' })).not.toContain('rm');
  expect(listedNames({ TERRACE_SANDBOX_NAMES: 'A $(touch) B;c' })).toEqual(['A']);
});
