import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { affectedSince } from '../../../terrace/delivery/affected/affected';
import { treeCache, treeOfCommit } from '../../../terrace/delivery/affected/commit-trees';
import { openRepository, type Repository } from '../../../terrace/git/repository';
import { loadTree } from '../../../terrace/delivery/tree/load-tree';
import { refuseEmpty } from '../../../terrace/delivery/affected/empty-change';
import { scratchRepository, type ScratchRepository } from '../../_helpers/scratch-repository';
import { codesOf } from '../../_helpers/shop';
import { network, service, shopPath } from '../../_helpers/shop-tree';

let scratch: ScratchRepository;
let repository: Repository;
beforeEach(() => {
  scratch = scratchRepository();
  const opened = openRepository(scratch.root);
  if (opened === undefined) throw new Error('no repository');
  repository = opened;
});
afterEach(() => scratch.dispose());

const head = () => loadTree(path.join(scratch.root, 'tree'));
const affected = async (base: string) => (await affectedSince(repository, base, head(), 'worktree')).report;

test('the work tree is compared with what the base’s own code synthesizes, without credentials', async () => {
  process.env['AWS_SECRET_ACCESS_KEY'] = 'leak';
  process.env['TF_VAR_secret'] = 'leak';
  scratch.write([network(), service()]);
  const base = scratch.commit('one');
  scratch.write([network({ cidr: '10.1.0.0/24' }), service()]);
  const report = await affected(base);
  delete process.env['AWS_SECRET_ACCESS_KEY'];
  delete process.env['TF_VAR_secret'];
  expect([report.everything, report.units.map(({ unit, change }) => [unit, change])]).toEqual([
    null,
    [
      [shopPath('compute/api'), 'dependent'],
      [shopPath('network/vpc'), 'changed'],
    ],
  ]);
  expect(scratch.git('worktree', 'list').split('\n')).toHaveLength(1);
});

test('a base is synthesized once, and kept by its content', async () => {
  scratch.write([network()]);
  const base = scratch.commit('one');
  const first = await treeOfCommit(repository, base);
  const same = scratch.commit('same content');
  expect(await treeOfCommit(repository, same)).toBe(first);
  expect(readdirSync(treeCache(scratch.root))).toHaveLength(1);
});

test('G11: a base that does not synthesize selects everything and says so', async () => {
  scratch.write([network()]);
  scratch.file('broken', '');
  const base = scratch.commit('broken');
  rmSync(path.join(scratch.root, 'broken'));
  const report = await affected(base);
  expect(report.everything).toContain('does not synthesize: E1106');
  expect(report.units).toMatchObject([{ unit: shopPath('network/vpc'), change: 'everything' }]);
});

test('G11: a changed toolchain selects everything, a lock file its system', async () => {
  scratch.write([network()]);
  scratch.file('package-lock.json', '{}');
  const base = scratch.commit('one');
  scratch.file('package-lock.json', '{"changed":1}');
  expect(await affected(base)).toMatchObject({ everything: 'package-lock.json changed', units: [{ change: 'everything' }] });
  scratch.file('package-lock.json', '{}');
  scratch.file('stacks/shop/.terraform.lock.hcl', '# new');
  expect(await affected(base)).toMatchObject({ everything: 'stacks/shop/.terraform.lock.hcl changed', units: [{ change: 'everything' }] });
  rmSync(path.join(scratch.root, 'stacks'), { recursive: true });
  scratch.file('stacks/other/.terraform.lock.hcl', '# new');
  expect((await affected(base)).units).toEqual([]);
});

test('G11: nothing selected although files of units changed is an error, unless it is said to be meant', async () => {
  scratch.write([network()]);
  const base = scratch.commit('one');
  scratch.file('stacks/shop/units/vpc.ts', '// a comment');
  const report = await affected(base);
  expect(() => refuseEmpty(report, false)).toThrow(/E6028[^]*stacks\/shop\/units\/vpc\.ts/);
  expect(() => refuseEmpty(report, true)).not.toThrow();
  expect(() => refuseEmpty({ ...report, changedFiles: ['README.md'] }, false)).not.toThrow();
});

test('a commit that does not exist is E6030 and wrong usage', () => {
  scratch.commit('one');
  let thrown: unknown;
  try {
    repository.commitOf('no-such-branch');
  } catch (error) {
    thrown = error;
  }
  expect([codesOf(thrown), thrown]).toMatchObject([['E6030'], { exitCode: 64 }]);
});

test('authors are those who wrote, committed or are named as co-authors', () => {
  const base = scratch.commit('one');
  const last = scratch.commit('two\n\nCo-authored-by: Bob <Bob@Example.com>', 'Ana <ana@example.com>');
  expect(repository.authors(last, base)).toEqual(['ana@example.com', 'author@example.com', 'bob@example.com']);
  scratch.git(
    '-c',
    'user.email=noreply@github.com',
    'commit',
    '--quiet',
    '--allow-empty',
    '--author',
    'Cem <cem@example.com>',
    '--message',
    'by a platform',
  );
  expect(repository.authors('HEAD', last)).toEqual(['cem@example.com']);
  expect(repository.has('f'.repeat(40))).toBe(false);
});

test('a folder outside of any repository has none', () => {
  expect(existsSync('/tmp')).toBe(true);
  expect(openRepository('/')).toBeUndefined();
});
