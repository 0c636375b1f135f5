import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { headOf, publishSystem, type Published } from '../../terrace/git/publish-system';
import type { LiveTree } from '../../terrace/model/model';
import { temporaryFolder } from '../_helpers/sandbox';

let root: string;
let tree: string;

beforeEach(() => {
  root = temporaryFolder('terrace-publish-');
  tree = temporaryFolder('terrace-tree-');
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'test');
  git('config', 'user.email', 'test@example.com');
  writeFileSync(path.join(root, '.gitignore'), 'live/\n.terraform*\n');
  writeFileSync(path.join(root, 'source.ts'), 'one');
  git('add', '.');
  git('commit', '-qm', 'source');
  put('dev/network/vpc/main.tf.json', '{}\n');
  put('dev/network/vpc/.terraform.lock.hcl', '# hashes\n');
});

afterEach(() => {
  for (const folder of [root, tree]) rmSync(folder, { recursive: true, force: true });
});

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}

function put(name: string, content: string): void {
  const file = path.join(tree, 'shop', name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

const request = (liveTree: Exclude<LiveTree, 'ignored'>, at = root) => {
  const head = headOf(at);
  return { root: at, system: 'shop', liveTree, tree, source: head, head };
};
const publish = (liveTree: Exclude<LiveTree, 'ignored'>): Published => publishSystem(request(liveTree));
const filesOf = (ref: string): readonly string[] => git('ls-tree', '-r', '--name-only', ref).split('\n');

test('a branch of its own gets the tree alone, with lock files and the source it was made from', () => {
  const source = git('rev-parse', 'HEAD');
  expect(publish({ branch: 'live' })).toEqual({
    system: 'shop',
    branch: 'live',
    outcome: 'published',
    commit: git('rev-parse', 'live'),
    source,
    onHead: false,
  });
  expect(filesOf('live')).toEqual(['live/shop/dev/network/vpc/.terraform.lock.hcl', 'live/shop/dev/network/vpc/main.tf.json']);
  expect(git('log', '-1', '--format=%s|%(trailers:key=Terrace-Source,valueonly)', 'live')).toBe(`Publish shop|${source}`);
  expect(git('show', 'live:live/shop/dev/network/vpc/main.tf.json')).toBe('{}');
});

test('neither work tree nor index nor the checked-out branch is touched by a branch of its own', () => {
  writeFileSync(path.join(root, 'source.ts'), 'staged');
  git('add', 'source.ts');
  writeFileSync(path.join(root, 'source.ts'), 'unstaged');
  const before = [git('rev-parse', 'HEAD'), git('status', '--porcelain'), git('diff', '--cached')];
  publish({ branch: 'live' });
  expect([git('rev-parse', 'HEAD'), git('status', '--porcelain'), git('diff', '--cached')]).toEqual(before);
});

test('what is published already is not committed again; a change is, with the removal of what is gone', () => {
  const first = publish({ branch: 'live' });
  expect(publish({ branch: 'live' })).toMatchObject({ outcome: 'unchanged', commit: first.commit });
  rmSync(path.join(tree, 'shop/dev/network/vpc/.terraform.lock.hcl'));
  put('dev/network/alb/main.tf.json', '{}\n');
  const second = publish({ branch: 'live' });
  expect(git('rev-parse', `${second.commit}^`)).toBe(first.commit);
  expect(filesOf('live')).toEqual(['live/shop/dev/network/alb/main.tf.json', 'live/shop/dev/network/vpc/main.tf.json']);
});

test('another system and other files on the branch stay', () => {
  publish({ branch: 'live' });
  git('worktree', 'add', '-q', path.join(tree, 'checkout'), 'live');
  mkdirSync(path.join(tree, 'checkout/live/other'), { recursive: true });
  writeFileSync(path.join(tree, 'checkout/live/other/root.hcl'), '');
  writeFileSync(path.join(tree, 'checkout/atlantis.yaml'), 'version: 3\n');
  execFileSync('git', ['add', '.'], { cwd: path.join(tree, 'checkout') });
  execFileSync('git', ['commit', '-qm', 'more'], { cwd: path.join(tree, 'checkout') });
  execFileSync('git', ['checkout', '-q', '--detach'], { cwd: path.join(tree, 'checkout') });
  put('root.hcl', '');
  publish({ branch: 'live' });
  expect(filesOf('live')).toEqual([
    'atlantis.yaml',
    'live/other/root.hcl',
    'live/shop/dev/network/vpc/.terraform.lock.hcl',
    'live/shop/dev/network/vpc/main.tf.json',
    'live/shop/root.hcl',
  ]);
});

test('on the checked-out branch the commit follows HEAD, and nothing looks changed afterwards but what was before', () => {
  mkdirSync(path.join(root, 'live'), { recursive: true });
  execFileSync('cp', ['-r', path.join(tree, 'shop'), path.join(root, 'live/shop')]);
  writeFileSync(path.join(root, 'source.ts'), 'staged');
  git('add', 'source.ts');
  const source = git('rev-parse', 'HEAD');
  expect(publish('committed')).toMatchObject({ branch: 'main', outcome: 'published', source });
  expect(git('rev-parse', 'HEAD^')).toBe(source);
  expect(filesOf('HEAD')).toEqual([
    '.gitignore',
    'live/shop/dev/network/vpc/.terraform.lock.hcl',
    'live/shop/dev/network/vpc/main.tf.json',
    'source.ts',
  ]);
  expect(git('status', '--porcelain')).toBe('M  source.ts');
  expect(git('show', 'HEAD:source.ts')).toBe('one');
  rmSync(path.join(tree, 'shop/dev/network/vpc/.terraform.lock.hcl'));
  rmSync(path.join(root, 'live/shop/dev/network/vpc/.terraform.lock.hcl'));
  publish('committed');
  expect(git('status', '--porcelain')).toBe('M  source.ts');
});

test('a fresh clone continues the remote branch', () => {
  publish({ branch: 'live' });
  const clone = temporaryFolder('terrace-clone-');
  execFileSync('git', ['clone', '-q', root, clone]);
  execFileSync('git', ['config', 'user.email', 'test@example.com'], { cwd: clone });
  execFileSync('git', ['config', 'user.name', 'test'], { cwd: clone });
  expect(publishSystem(request({ branch: 'live' }, clone))).toMatchObject({
    outcome: 'unchanged',
    commit: git('rev-parse', 'live'),
  });
  put('root.hcl', '');
  const { commit } = publishSystem(request({ branch: 'live' }, clone));
  expect(execFileSync('git', ['rev-parse', `${commit}^`], { cwd: clone, encoding: 'utf8' }).trim()).toBe(git('rev-parse', 'live'));
  rmSync(clone, { recursive: true, force: true });
});

test('no repository, no commit and a detached HEAD are told', () => {
  const plain = temporaryFolder('terrace-plain-');
  expect(() => publishSystem(request('committed', plain))).toThrow(/^E4602 no commit/);
  rmSync(plain, { recursive: true });
  git('checkout', '-q', '--detach');
  expect(() => publish('committed')).toThrow(/^E4603 no branch checked out/);
  expect(publish({ branch: 'live' })).toMatchObject({ outcome: 'published' });
});

test('a branch that moved while the tree was made is said, and neither the branch nor the index changes', () => {
  const before = request('committed');
  writeFileSync(path.join(root, 'source.ts'), 'two');
  git('commit', '-qam', 'meanwhile');
  const seen = (): readonly string[] => [git('rev-parse', 'HEAD'), git('status', '--porcelain'), git('ls-files')];
  const meanwhile = seen();
  expect(() => publishSystem(before)).toThrow(/^E4604 branch moved/);
  expect(seen()).toEqual(meanwhile);
});

test('where the index cannot be written nothing is published, and an ordinary commit takes nothing back', () => {
  const published = publish('committed');
  put('dev/network/alb/main.tf.json', '{}\n');
  writeFileSync(path.join(root, '.git', 'index.lock'), '');
  expect(() => publish('committed')).toThrow(/^E4601 git failed/);
  rmSync(path.join(root, '.git', 'index.lock'));
  expect(git('rev-parse', 'HEAD')).toBe(published.commit);
  writeFileSync(path.join(root, 'source.ts'), 'three');
  git('add', 'source.ts');
  git('commit', '-qm', 'ordinary');
  expect(filesOf('HEAD')).toContain('live/shop/dev/network/vpc/main.tf.json');
  const again = publish('committed');
  writeFileSync(path.join(root, 'source.ts'), 'four');
  git('add', 'source.ts');
  git('commit', '-qm', 'after it');
  expect([again.onHead, filesOf('HEAD').includes('live/shop/dev/network/alb/main.tf.json')]).toEqual([true, true]);
});

test('a branch that is checked out in another work tree is not moved under it', () => {
  publish({ branch: 'live' });
  git('worktree', 'add', '-q', path.join(tree, 'checkout'), 'live');
  put('dev/network/alb/main.tf.json', '{}\n');
  const before = git('rev-parse', 'live');
  expect(() => publish({ branch: 'live' })).toThrow(/^E4610 branch checked out elsewhere/);
  expect(git('rev-parse', 'live')).toBe(before);
});
