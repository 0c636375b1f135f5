import { chmodSync, existsSync, rmSync } from 'node:fs';
import path from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { openRepository, type Repository } from '../../terrace/git/repository';
import { hasPolicies } from '../../terrace/policy/source';
import { scratchRepository, type ScratchRepository } from '../_helpers/scratch-repository';

let scratch: ScratchRepository;
beforeEach(() => {
  scratch = scratchRepository();
});
afterEach(() => scratch.dispose());

function repository(): Repository {
  const found = openRepository(scratch.root);
  if (found === undefined) throw new Error('no repository');
  return found;
}

test('G13: a tag called as the protected branch, or as an id, counts for nothing', () => {
  const base = scratch.commit('base');
  scratch.git('update-ref', 'refs/remotes/origin/main', base);
  const attack = scratch.commit('attack');
  scratch.git('tag', 'origin/main', attack);
  scratch.git('tag', 'main', base);
  scratch.git('tag', base.slice(0, 12), attack);
  scratch.git('tag', 'only-a-tag', attack);
  const repo = repository();
  const commitOf = (name: string): string => repo.commitOf(name);
  expect(commitOf('origin/main')).toBe(base);
  expect(commitOf('refs/remotes/origin/main')).toBe(base);
  expect([commitOf('main'), commitOf('HEAD'), commitOf('main~1')]).toEqual([attack, attack, base]);
  expect(commitOf(base)).toBe(base);
  for (const name of ['only-a-tag', 'refs/tags/only-a-tag', 'tags/only-a-tag', '', '--all', base.slice(0, 12)])
    expect(() => commitOf(name)).toThrow('E6030');
});

test('G13: a local branch called as one of the remote is not taken for it, and neither is the other one', () => {
  const base = scratch.commit('base');
  scratch.git('update-ref', 'refs/remotes/origin/main', base);
  const attack = scratch.commit('attack');
  scratch.git('update-ref', 'refs/heads/origin/main', attack);
  const repo = repository();
  expect(() => repo.commitOf('origin/main')).toThrow(/two branches of this name.*refs\/heads\/origin\/main/s);
  expect(() => repo.commitOf('origin/main~0')).toThrow('E6030');
  expect(repo.commitOf('refs/remotes/origin/main')).toBe(base);
  scratch.git('update-ref', 'refs/heads/origin/main', base);
  expect(repo.commitOf('origin/main')).toBe(base);
});

test('G10: a hook that is a file of the change never runs, also where the clone looks for its hooks there', async () => {
  const seen = path.join(scratch.root, '..', `${path.basename(scratch.root)}-seen`);
  const hook = (name: string): void => {
    scratch.file(`.husky/${name}`, `#!/bin/sh\nenv > '${seen}'\n`);
    chmodSync(path.join(scratch.root, '.husky', name), 0o755);
  };
  for (const name of ['post-checkout', 'post-index-change', 'reference-transaction', 'fsmonitor-watchman']) hook(name);
  const head = scratch.commit('hooks');
  scratch.git('config', 'core.hooksPath', '.husky');
  scratch.git('config', 'core.fsmonitor', '.husky/fsmonitor-watchman');
  rmSync(seen, { force: true });
  const repo = repository();
  const folder = path.join(scratch.root, '.terrace', 'work');
  await repo.withWorktree(head, folder, async () => expect(existsSync(path.join(folder, '.husky', 'post-checkout'))).toBe(true));
  repo.changedFiles(head);
  expect(existsSync(seen)).toBe(false);
});

test('G13: a replaced commit is read as what its id says', () => {
  scratch.file('terrace.approvals.json', 'true rules');
  const base = scratch.commit('base');
  scratch.file('terrace.approvals.json', 'rules of the attacker');
  const attack = scratch.commit('attack');
  scratch.git('replace', base, attack);
  expect(repository().fileAt(base, 'terrace.approvals.json')).toBe('true rules');
});

test('G13: variables of the shell that point git elsewhere, and a committed .gitmodules that hides a submodule, change nothing of what is read', () => {
  scratch.file('terrace.approvals.json', 'true rules');
  const base = scratch.commit('base');
  const elsewhere = scratchRepository();
  elsewhere.file('terrace.approvals.json', 'rules of the attacker');
  const other = elsewhere.commit('other');
  scratch.file('.gitmodules', '[submodule "hidden"]\n\tpath = hidden\n\turl = ./hidden\n\tignore = all\n');
  scratch.git('update-index', '--add', '--cacheinfo', `160000,${other},hidden`);
  const head = scratch.commit('a submodule that says it is to be ignored');
  scratch.git('update-index', '--add', '--cacheinfo', `160000,${base},hidden`);
  scratch.git('commit', '--quiet', '--message', 'moves it');
  const shell = { GIT_DIR: `${elsewhere.root}/.git`, GIT_WORK_TREE: elsewhere.root, GIT_SHALLOW_FILE: '/dev/null' };
  Object.assign(process.env, shell);
  try {
    const repo = repository();
    expect(repo.root.endsWith(scratch.root)).toBe(true);
    expect([repo.has(base), repo.has(other)]).toEqual([true, false]);
    expect(repo.fileAt('main', 'terrace.approvals.json')).toBe('true rules');
    expect(repo.changedFiles(head, repo.commitOf('main'))).toEqual(['hidden']);
  } finally {
    for (const name of Object.keys(shell)) delete process.env[name];
    elsewhere.dispose();
  }
});

test('G13: of policies too a replaced commit is what its id says', async () => {
  scratch.file('policies/one.ts', 'export {}');
  const base = scratch.commit('base');
  scratch.git('rm', '--quiet', '-r', 'policies');
  const attack = scratch.commit('no policies any more');
  scratch.git('replace', base, attack);
  expect([await hasPolicies(scratch.root, base), await hasPolicies(scratch.root, attack)]).toEqual([true, false]);
});
