import { rmSync } from 'node:fs';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { meantCommit } from '../../terrace/cli/meant-commit';
import { TerraceError } from '../../terrace/base/errors';
import { temporaryFolder } from '../_helpers/sandbox';
import { scratchRepository, type ScratchRepository } from '../_helpers/scratch-repository';

let repository: ScratchRepository;
let [first, second] = ['', ''];
beforeAll(() => {
  repository = scratchRepository();
  first = repository.commit('first');
  repository.git('tag', 'v1');
  repository.file('more.txt', 'more');
  second = repository.commit('second');
});
afterAll(() => repository.dispose());

test('a name is the commit it means in the repository', () => {
  for (const name of ['HEAD', 'main', second.slice(0, 10), second]) expect(meantCommit(name, repository.root)).toBe(second);
  expect(meantCommit('HEAD~1', repository.root)).toBe(first);
  // Anybody can move a tag.
  expect(() => meantCommit('v1', repository.root)).toThrow('tags are not accepted');
});

test('a whole id is taken as it is, also where this clone does not hold it; a name that means nothing is E6030', () => {
  const elsewhere = 'ab'.repeat(20);
  expect(meantCommit(elsewhere, repository.root)).toBe(elsewhere);
  expect(() => meantCommit('absent', repository.root)).toThrow(TerraceError);
  expect(() => meantCommit('absent', repository.root)).toThrow('E6030');
});

test('without a repository the words themselves are compared', () => {
  const folder = temporaryFolder('terrace-no-repository-');
  expect(meantCommit('HEAD', folder)).toBe('HEAD');
  rmSync(folder, { recursive: true });
});
