import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { outOfReach, type Reach } from '../../terrace/base/out-of-reach';
import { temporaryFolder } from '../_helpers/sandbox';

let home: string;
beforeEach(() => {
  home = realpathSync(temporaryFolder('terrace-home-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const file = (name: string): string => {
  mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
  writeFileSync(path.join(home, name), 'secret');
  return path.join(home, name);
};

/** What of the home is hidden. */
const hidden = (reach: Partial<Reach> = {}): readonly string[] =>
  outOfReach({ homes: [home], env: {}, words: [], needed: [], ...reach })
    .filter((one) => one.startsWith(`${home}/`))
    .map((one) => one.slice(home.length + 1));

test('folders and files in which people keep what they sign in with are out of reach, others are not', () => {
  for (const name of ['.aws/credentials', '.config/gcloud/credentials.db', '.kube/config', '.ssh/id', '.netrc', '.npmrc', 'code/main.ts'])
    file(name);
  expect(hidden()).toEqual(['.aws', '.config', '.kube', '.netrc', '.npmrc', '.ssh']);
});

test('so is what a link in such a folder leads to, and the folder that is a link itself', () => {
  const real = file('dotfiles/aws/credentials');
  mkdirSync(path.join(home, '.aws'));
  symlinkSync(real, path.join(home, '.aws', 'credentials'));
  file('windows/.azure/token');
  symlinkSync(path.join(home, 'windows', '.azure'), path.join(home, '.azure'));
  expect(hidden()).toEqual(['.aws', 'dotfiles/aws/credentials', 'windows/.azure']);
});

test('so is what the shell and the command line name as such', () => {
  const [token, cluster, other, key] = ['token', 'a/kube', 'b/kube', 'keys/me.pem'].map(file);
  expect(
    hidden({
      env: { AWS_WEB_IDENTITY_TOKEN_FILE: token, KUBECONFIG: `${cluster}${path.delimiter}${other}`, PATH: home },
      words: ['deploy', '--key', String(key), `--identity=${file('keys/ops.age')}`, '--out', file('bundle')],
    }),
  ).toEqual(['a/kube', 'b/kube', 'keys/me.pem', 'keys/ops.age', 'token']);
});

test('of a folder that holds something that is needed everything else is hidden', () => {
  for (const name of ['.config/nvm/bin/node', '.config/nvm/other', '.config/gh/hosts.yml']) file(name);
  expect(hidden({ needed: [path.join(home, '.config', 'nvm')] })).toEqual(['.config/gh']);
  expect(hidden({ needed: [path.join(home, '.config', 'nvm', 'bin', 'node')] })).toEqual(['.config/gh', '.config/nvm/other']);
});
