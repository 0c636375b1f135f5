import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { program } from '../../terrace/cli/main';
import { projectRoot } from '../_helpers/project-root';
import { commandContext } from '../../terrace/cli/command-context';

const terrace = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.resolve('terrace/bin/terrace.js'), ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

test('an unknown selector ends with 64, a code, the nearest match and no stack trace', () => {
  const { status, stdout, stderr } = terrace('list', 'olechka/dve');
  expect([status, stdout]).toEqual([64, '']);
  expect(stderr).toBe("E1202 unknown environment   olechka\n  'dve'\n  expected: dev, production, staging\n  did you mean olechka/dev?\n");
});

test('--debug adds the stack trace', () => expect(terrace('list', 'olechka/dve', '--debug').stderr).toContain('    at '));
test('an unknown command ends with 64 and names the nearest one', () => {
  const { status, stderr } = terrace('lsit');
  expect(status).toBe(64);
  expect(stderr).toContain('Did you mean list?');
});
test('an unknown command is none with --help either', () => {
  for (const words of [
    ['lsit', '--help'],
    ['sandbox', 'sart', '-h'],
  ]) {
    const { status, stdout, stderr } = terrace(...words);
    expect([status, stdout]).toEqual([64, '']);
    expect(stderr).toMatch(/Did you mean (list|start)\?/);
  }
});
test('an unknown option ends with 64', () => expect(terrace('list', '--jsn').status).toBe(64));
test('the help of the whole and of a command end with 0', () =>
  expect([terrace('--help').status, terrace('synth', '--help').status]).toEqual([0, 0]));

test('list --json has a version and every unit with its wave', () => {
  const { status, stdout } = terrace('list', 'olechka/dev/eu-central-1', '--json');
  expect(status).toBe(0);
  const {
    version,
    units,
  }: { version: number; units: readonly { path: string; wave: number; dependencies: readonly { unit: string }[] }[] } = JSON.parse(stdout);
  expect(version).toBe(1);
  const vpc = units.find((unit) => unit.path === 'olechka/dev/eu-central-1/network/vpc');
  const alb = units.find((unit) => unit.path === 'olechka/dev/eu-central-1/network/alb');
  expect(alb?.dependencies.map(({ unit }) => unit)).toContain('olechka/dev/eu-central-1/network/vpc');
  expect(alb?.wave).toBeGreaterThan(vpc?.wave ?? Infinity);
});

test('every command has a description and examples in its help', () => {
  const without: string[] = [];
  const visit = (command: ReturnType<typeof program>, name: string): void => {
    if (command.commands.length === 0) {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      if (command.description() === '' || !help.includes('Examples:') || !help.includes('terrace ')) without.push(name);
    }
    for (const sub of command.commands) visit(sub, `${name} ${sub.name()}`);
  };
  visit(program(commandContext({ cwd: projectRoot, env: {} })), 'terrace');
  expect(without).toEqual([]);
});

test('a reader that goes away ends a command quietly', () => {
  const { status, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" terrace/bin/terrace.js list --json | head -c 10 > /dev/null`], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
});

test('the program is executable as it is committed: npx would make it so, and the work tree would differ from its commit', () =>
  expect((statSync('terrace/bin/terrace.js').mode & 0o111).toString(8)).toBe('111'));

test('with --json an error is JSON on standard output, beside its text on the other', () => {
  const { status, stdout, stderr } = terrace('list', 'nowhere', '--json');
  expect(status).toBe(64);
  expect(JSON.parse(stdout)).toMatchObject({ version: 1, exitCode: 64, problems: [{ code: stderr.slice(0, 5), found: "'nowhere'" }] });
  const nested = terrace('state', 'history', 'no/such/unit', '--json');
  expect(JSON.parse(nested.stdout)).toMatchObject({ version: 1, exitCode: nested.status });
});

test('without it, or where --json names a file, an error leaves standard output empty', () => {
  expect(terrace('review', 'no-such-bundle', '--json', 'out.json').stdout).toBe('');
  expect(terrace('list', 'nowhere').stdout).toBe('');
});
