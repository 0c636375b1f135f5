import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { isInstalledFrom, pinOf, readPin, writePin } from '../../terrace/ci/pin';
import { setUpProblems } from '../../terrace/ci/set-up';
import { openRepository, type Repository } from '../../terrace/git/repository';
import { projectRoot } from '../_helpers/project-root';
import { temporaryFolder } from '../_helpers/sandbox';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder('terrace-pin-');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string): void => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), content);
};

function commit(message: string): string {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=ana', '-c', 'user.email=ana@example.com', '-c', 'commit.gpgsign=false', ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message', message);
  return git('rev-parse', 'HEAD');
}

function opened(root: string): Repository {
  const repository = openRepository(root);
  if (repository === undefined) throw new Error(`${root} is no repository`);
  return repository;
}

/** A project whose program is one line. */
function project(line: string): void {
  write('package.json', JSON.stringify({ name: 'small', private: true, scripts: { program: 'node build.js' } }));
  write('package-lock.json', '{}\n');
  write('build.js', `require('node:fs').writeFileSync(process.argv[process.argv.indexOf('--out') + 1], ${JSON.stringify(line)});\n`);
}

test('a pin is the digest of what the commit itself builds, whatever the work tree holds', async () => {
  project('one');
  const first = commit('one');
  project('two');
  // printf one | sha256sum
  const pin = { commit: first, sha256: '7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed' };
  expect(await pinOf(opened(folder), first)).toEqual(pin);
  mkdirSync(path.join(folder, 'ci'));
  writePin(folder, pin);
  expect(readPin(folder)).toEqual(pin);
});

test('a commit without a program is refused with what npm says', async () => {
  write('package.json', JSON.stringify({ name: 'small', private: true }));
  write('package-lock.json', '{}\n');
  const none = commit('none');
  await expect(pinOf(opened(folder), none)).rejects.toThrow(/E0505 program cannot be built[^]*program/);
});

test('the program that this repository pins is what its commit builds', async () => {
  const repository = opened(projectRoot);
  const pin = readPin(projectRoot);
  expect(pin).toEqual({ commit: expect.stringMatching(/^[0-9a-f]{40}$/), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  // A clone without that history cannot build it, and other packages than those installed need a registry: there `terrace ci pin --check` does.
  if (pin === undefined || !repository.has(pin.commit) || !isInstalledFrom(repository, pin.commit)) return;
  expect(repository.isAncestor(pin.commit, 'HEAD')).toBe(true);
  expect(await pinOf(repository, pin.commit)).toEqual(pin);
}, 300_000);

test('what a repository lacks before anything can be planned is said by the name of each file', async () => {
  const places = async (): Promise<readonly string[]> =>
    (await setUpProblems(folder)).map(({ code, place, found }) => `${code} ${place}: ${found}`);
  expect(await places()).toEqual([
    'E0506 ci/terrace.json: no program is pinned to plan and apply with',
    'E0506 ci/recipients.txt: it names no recipient that plans can be encrypted to',
    'E0506 terrace.approvals.json: nobody may approve anything',
  ]);
  write('ci/terrace.json', '{"commit": "main"}\n');
  write('ci/recipients.txt', '# nobody yet\n');
  write('terrace.approvals.json', JSON.stringify({ version: 1, keys: [], environments: { '*': { approvals: 1, approvers: [] } } }));
  expect(await places()).toEqual([
    'E0506 ci/terrace.json: it needs a commit (40 hexadecimal digits) and a sha256 (64 hexadecimal digits)',
    'E0506 ci/recipients.txt: it names no recipient that plans can be encrypted to',
    'E0506 terrace.approvals.json: it names no approver',
  ]);
  write('ci/terrace.json', JSON.stringify({ commit: 'a'.repeat(40), sha256: 'b'.repeat(64) }));
  write('ci/recipients.txt', 'age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq\n');
  write('terrace.approvals.json', readFileSync(path.join(projectRoot, 'docs', 'examples', 'terrace.approvals.json'), 'utf8'));
  expect(await places()).toEqual([]);
});
