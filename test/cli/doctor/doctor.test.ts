import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { doctorText } from '../../../terrace/cli/actions/doctor';
import { failedCheck } from '../../../terrace/cli/doctor/check';
import { sandboxCheck } from '../../../terrace/cli/doctor/places';
import { cdktfCheck, clockCheck, nodeCheck, parseRange, terragruntCheck } from '../../../terrace/cli/doctor/programs';
import { projectRoot } from '../../_helpers/project-root';
import { terraceCli } from '../../_helpers/terrace-cli';

test('Node is judged by the package’s range and by whether it still gets fixes', () => {
  expect(nodeCheck('20.18.0', '>=20.19 <27', '2026-01-01').state).toBe('failed');
  expect(nodeCheck('27.0.0', '>=20.19 <27', '2026-01-01').state).toBe('failed');
  expect(nodeCheck('20.19.0', '>=20.19 <27', '2026-04-30').state).toBe('ok');
  expect(nodeCheck('20.19.0', '>=20.19 <27', '2026-05-01')).toMatchObject({
    state: 'warning',
    found: '20.19.0, without security fixes since 2026-05-01',
  });
  expect(nodeCheck('24.1.0', '>=20.19 <27', '2026-11-01')).toEqual({ name: 'node', state: 'ok', found: '24.1.0' });
  expect(parseRange('^20')).toBeUndefined();
});

test('cdktf and its command line have one version, and the terminal library that cdktf names has no binary for Node 24', () => {
  const own = '@cdktf/node-pty-prebuilt-multiarch';
  const of = (library?: string, cli?: string, terminal = own) => ({ library, cli, terminal });
  expect(cdktfCheck('22.1.0', of()).state).toBe('failed');
  expect(cdktfCheck('22.1.0', of('0.21.0')).state).toBe('skipped');
  expect(cdktfCheck('22.1.0', of('0.21.0', '0.20.0'))).toMatchObject({ state: 'failed', found: 'cdktf 0.21.0, cdktf-cli 0.20.0' });
  const fine = { name: 'cdktf', state: 'ok', found: '0.21.0' };
  expect(cdktfCheck('22.1.0', of('0.21.0', '0.21.0'))).toEqual(fine);
  expect(cdktfCheck('24.0.0', of('0.21.0', '0.21.0'))).toMatchObject({
    state: 'warning',
    found: expect.stringMatching(/^E8005 .*for Node 24: .*Cannot find module '..\/build\/Debug\/pty.node'/),
    todo: expect.stringContaining('"@cdktf/node-pty-prebuilt-multiarch": "npm:@lydell/node-pty@1.1.0"'),
  });
  expect(cdktfCheck('24.0.0', of('0.21.0', '0.21.0', '@lydell/node-pty'))).toEqual(fine);
});

test('the stand-in that doctor names is the one of this project', () => {
  const { overrides }: { overrides: Record<string, string> } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8'));
  const { todo } = cdktfCheck('24.0.0', { library: '0.21.0', cli: '0.21.0', terminal: '@cdktf/node-pty-prebuilt-multiarch' });
  expect(todo).toContain(JSON.stringify(overrides).slice(1, -1).replace(':', ': '));
});

test('a clock may be five minutes off, in either direction', () => {
  const at = (seconds: number): Date => new Date(1_700_000_000_000 + seconds * 1000);
  expect(clockCheck(at(300), at(0))).toEqual({ name: 'clock', state: 'ok', found: '300 s ahead' });
  expect(clockCheck(at(301), at(0)).state).toBe('failed');
  expect(clockCheck(at(0), at(301))).toMatchObject({ state: 'failed', found: '301 s behind' });
  expect(clockCheck(at(0), undefined).state).toBe('skipped');
});

test('a shell that is in a stopped sandbox is a failure, outside of it the same sandbox is fine', () => {
  const stopped = { state: 'stopped', settings: {} } as never;
  expect(sandboxCheck(stopped, true, undefined).state).toBe('failed');
  expect(sandboxCheck(stopped, false, undefined).state).toBe('ok');
  const running = { state: 'running', settings: {}, daemon: { id: 'abc', build: 'one' } } as never;
  expect(sandboxCheck(running, true, 'one').found).toBe('running as abc, and this shell is in it');
  expect(sandboxCheck(running, false, 'two').state).toBe('warning');
  expect(sandboxCheck({ state: 'absent' }, false, undefined).todo).toContain('sandbox env');
});

test('what to do stands below the table, for what is not right alone', () => {
  const text = doctorText([
    { name: 'one', state: 'ok', found: 'here', todo: 'nothing' },
    failedCheck('two', { code: 'E8001', found: 'no program\non PATH', todo: 'install it' }),
    terragruntCheck(undefined),
  ]);
  expect(text).toContain('E8001 no program on PATH');
  expect(text.split('\n').slice(-2)).toEqual(['two: install it', 'terragrunt: needed only to run terragrunt on the live tree']);
});

test('the command ends with 1 where terraform is missing, and says so as JSON', async () => {
  const { code, stdout } = await terraceCli(['doctor', '--offline', '--json'], {
    ...process.env,
    TERRAFORM_BINARY_NAME: 'no-such-program',
  });
  const { checks }: { checks: readonly { readonly name: string; readonly state: string; readonly found: string }[] } = JSON.parse(stdout);
  expect(code).toBe(1);
  expect(checks.find(({ name }) => name === 'terraform')).toMatchObject({ state: 'failed', found: expect.stringContaining('E8001') });
  expect(checks.find(({ name }) => name === 'credentials, backends')?.state).toBe('skipped');
});

test('outside a project it says that there is none', async () => {
  const { code, stdout } = await terraceCli(['doctor', '--offline'], process.env, '/');
  expect([code, stdout.includes('no cdktf.json in this folder or above it')]).toEqual([1, true]);
});
