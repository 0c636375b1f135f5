import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { commandContext } from '../../terrace/cli/command-context';
import { completions, completionScript, shells } from '../../terrace/cli/completion';
import { program } from '../../terrace/cli/main';
import { projectRoot } from '../_helpers/project-root';
import { temporaryFolder } from '../_helpers/sandbox';
import { shopModel, network, service } from '../_helpers/shop-tree';

const units = [
  'shop/dev/eu-central-1/compute/api',
  'shop/dev/eu-central-1/network/vpc',
  'shop/production/eu-central-1/network/vpc',
  'hub/dev/global/dns/zone',
];
const all = { program: program(commandContext({ cwd: '/', env: {} })), units };
const complete = (...words: readonly string[]): readonly string[] => completions(all, words);

test('commands, their own commands and options are completed from what was typed', () => {
  expect(complete('sta')).toEqual(['start', 'state', 'status']);
  expect(complete('complet')).toEqual(['completion']);
  expect(complete('lock', 'r')).toEqual(['release']);
  expect(complete('affected', '--al')).toEqual(['--allow-empty']);
  expect(complete('list', '--t')).toEqual(['--tag']);
  expect(complete('completion', '')).toEqual(['bash', 'fish', 'zsh']);
});

test('paths are completed segment by segment, after options with a value and between dots as well', () => {
  expect(complete('plan', '')).toEqual(['hub/', 'shop/']);
  expect(complete('plan', '--out', 'bundle', 'shop/d')).toEqual(['shop/dev/']);
  expect(complete('plan', 'hub/dev/global/dns/zone', 'shop/dev/eu-central-1/')).toEqual([
    'shop/dev/eu-central-1/compute/',
    'shop/dev/eu-central-1/network/',
  ]);
  expect(complete('list', '...shop/dev/eu-central-1/network/')).toEqual(['...shop/dev/eu-central-1/network/vpc']);
  expect(complete('plan', '--except', 'h')).toEqual(['hub/']);
  expect(complete('explain', 'shop/production/eu-central-1/network/v')).toEqual(['shop/production/eu-central-1/network/vpc']);
  expect(complete('keygen', 'shop/')).toEqual([]);
});

test('bash completes with the program itself, in a project whose tree was synthesized', () => {
  const root = temporaryFolder('terrace-completion-');
  mkdirSync(path.join(root, 'live'));
  writeFileSync(path.join(root, 'cdktf.json'), JSON.stringify({ language: 'typescript', app: 'true' }));
  writeFileSync(path.join(root, 'live', 'synth.json'), JSON.stringify(shopModel([network(), service()])));
  const terrace = path.join(projectRoot, 'terrace', 'bin', 'terrace.js');
  const script = `${completionScript('bash')}
_terrace_run() { "${process.execPath}" "${terrace}" "$@"; }
COMP_WORDS=(terrace plan shop/dev/eu-central-1/c); COMP_CWORD=2; _terrace; printf '%s\\n' "\${COMPREPLY[@]}"
COMP_WORDS=(terrace ""); COMP_CWORD=1; _terrace; printf '%s\\n' "\${#COMPREPLY[@]}"`;
  // bash complains of a locale that is not installed.
  const env = { ...process.env, LC_ALL: 'C' };
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { cwd: root, env, encoding: 'utf8' });
  const [first, count] = stdout.split('\n');
  expect([first, Number(count) > 20, stderr]).toEqual(['shop/dev/eu-central-1/compute/', true, '']);
});

test('each shell has a script that asks the program for words', () => {
  for (const shell of shells) expect([shell, completionScript(shell).includes('complete -- ')]).toEqual([shell, true]);
});
