import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { apart } from '../../terrace/base/apart';
import { compiledProject } from '../../terrace/cli/load-project';
import { askSynthesizer, fixedEnvironment } from '../../terrace/cli/synthesizer';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'terrace-environment-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const asking = (...names: readonly string[]): void =>
  writeFileSync(path.join(root, 'cdktf.json'), JSON.stringify({ context: { terraceEnvironment: names } }));

const shell = {
  PATH: '/bin',
  HOME: '/elsewhere',
  XDG_CONFIG_HOME: '/elsewhere/.config',
  RELEASE_DATE: '2026-01-01',
  AWS_SECRET_ACCESS_KEY: 'leak',
  GIT_CONFIG_VALUE_0: 'AUTHORIZATION: basic leak',
  GIT_ASKPASS: '/bin/leak',
  GIT_CONFIG_GLOBAL: '/dev/null',
  NODE_OPTIONS: '--require=leak',
};

test('the synthesizing process has what cdktf.json names, a home of its own, and nothing that somebody signs in with', () => {
  asking('RELEASE_DATE');
  expect(fixedEnvironment(root, shell)).toEqual({
    PATH: '/bin',
    RELEASE_DATE: '2026-01-01',
    GIT_CONFIG_GLOBAL: '/dev/null',
    HOME: path.join(root, '.terrace', 'home'),
    TZ: 'UTC',
    LC_ALL: 'C.UTF-8',
    LANG: 'C.UTF-8',
  });
});

const seesOthers = `module.exports = () => {
  const { readdirSync, readFileSync } = require('node:fs');
  return readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).filter((name) => {
    try { return readFileSync('/proc/' + name + '/environ', 'utf8').includes('canary-of-a-shell'); } catch { return false; }
  });
};
if (process.send) process.once('message', () => process.send(module.exports(), undefined, undefined, () => process.exit()));
`;

/** Starts a program that asks another one, whose shell holds a credential, and gives what that one finds of it. */
function foundByChild(before: readonly string[]): string {
  writeFileSync(path.join(root, 'child.js'), seesOthers);
  writeFileSync(
    path.join(root, 'parent.js'),
    `const [program, ...rest] = [...${JSON.stringify(before)}, process.execPath, ${JSON.stringify(path.join(root, 'child.js'))}];
const child = require('node:child_process').spawn(program, rest, { env: {}, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
child.once('message', (found) => process.stdout.write(String(found.length)));
child.send('look');
`,
  );
  return execFileSync(process.execPath, [path.join(root, 'parent.js')], {
    encoding: 'utf8',
    env: { ...process.env, SECRET: 'canary-of-a-shell' },
  });
}

test('where the kernel lets a person do so, the process sees no environment of another one, and still answers', () => {
  const { words } = apart(root);
  if (process.platform === 'linux') expect(foundByChild([])).not.toBe('0');
  if (words.length > 0) expect(foundByChild(words)).toBe('0');
  else expect(words).toEqual([]);
});

/** Tries every way to what lies below a home that it knows by its whole path; prints what it found. */
const takesFiles = `#!/bin/sh
home=$1
try() { "$@" 2>/dev/null; }
try cat $home/.aws/credentials; try cat $home/.npmrc; try cat $home/linked
try umount $home/.aws; try cat $home/.aws/credentials
try unshare --mount umount $home/.aws; try unshare --mount sh -c "umount $home/.npmrc; cat $home/.npmrc"
mkdir -p $home/around
try unshare --mount sh -c "mount --bind $home $home/around; cat $home/around/.aws/credentials"
try unshare --mount sh -c "mount --rbind $home $home/around; cat $home/around/.aws/credentials; umount $home/around/.aws; cat $home/around/.aws/credentials"
try unshare --user --map-root-user --mount sh -c "umount -l $home/.aws; cat $home/.aws/credentials"
try nsenter --mount=/proc/1/ns/mnt cat $home/.aws/credentials
try cat /proc/1/root$home/.aws/credentials
echo ended
`;

test('files of a person that hold what they sign in with are not found by their whole paths, through links, or by taking away what hides them', () => {
  const home = realpathSync(mkdtempSync(path.join(tmpdir(), 'terrace-person-')));
  try {
    for (const name of ['.aws/credentials', '.npmrc']) {
      mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
      writeFileSync(path.join(home, name), 'canary-of-a-file\n');
    }
    symlinkSync(path.join(home, '.aws', 'credentials'), path.join(home, 'linked'));
    const script = path.join(root, 'take.sh');
    writeFileSync(script, takesFiles);
    const { how, words } = apart(root, { ...process.env, HOME: home });
    const found = (before: readonly string[]): string => {
      const [program, ...rest] = [...before, '/bin/sh', script, home];
      return execFileSync(program, rest, { encoding: 'utf8' });
    };
    expect(found([])).toContain('canary-of-a-file');
    expect(how === 'out of reach' ? found(words) : 'ended\n').toBe('ended\n');
  } finally {
    rmSync(home, { recursive: true });
  }
});

test('a change cannot name a credential in cdktf.json to read it while the tree is built', () => {
  for (const name of [
    'AWS_SECRET_ACCESS_KEY',
    'aws_session_token',
    'TF_VAR_db_password',
    'GITHUB_TOKEN',
    'HCLOUD_TOKEN',
    'NPM_CONFIG_AUTH',
    'MY_API_KEY',
    'STRIPEAPIKEY',
    'SSH_AUTH_SOCK',
    'NODE_OPTIONS',
    'GIT_ASKPASS',
  ]) {
    asking('RELEASE_DATE', name);
    expect(() => fixedEnvironment(root, shell)).toThrow(`lists ${name}`);
  }
});

test('a source is built by the package that it has itself, wherever the program that asks was started from', async () => {
  asking();
  const bin = path.join(root, 'node_modules', 'terrace', 'bin');
  mkdirSync(bin, { recursive: true });
  const answer = { kind: 'found-lines', lines: { by: 'its own' } };
  writeFileSync(
    path.join(bin, 'synthesizer.js'),
    `process.once('message', () => process.send(${JSON.stringify(JSON.stringify(answer))}, undefined, undefined, () => process.exit()));\n`,
  );
  expect(await askSynthesizer(root, { kind: 'model', root, selectors: [], includePlanned: false })).toEqual(answer);
});

test('another copy of the program compiles nothing of the package that lies in a project', () => {
  asking();
  writeFileSync(path.join(root, 'main.ts'), 'export const project = 1;');
  mkdirSync(path.join(root, 'terrace'));
  writeFileSync(path.join(root, 'terrace', 'index.ts'), 'export const own = 1;');
  mkdirSync(path.join(root, 'node_modules'));
  symlinkSync(path.join('..', 'terrace'), path.join(root, 'node_modules', 'terrace'), 'dir');
  const out = compiledProject(root);
  expect(readdirSync(out).toSorted()).toEqual(['main.js', 'manifest.json']);
});
