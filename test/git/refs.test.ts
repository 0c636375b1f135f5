import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { openRepository, type Repository } from '../../terrace/git/repository';
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

test('G13: a replaced commit is read as what its id says', () => {
  scratch.file('terrace.approvals.json', 'true rules');
  const base = scratch.commit('base');
  scratch.file('terrace.approvals.json', 'rules of the attacker');
  const attack = scratch.commit('attack');
  scratch.git('replace', base, attack);
  expect(repository().fileAt(base, 'terrace.approvals.json')).toBe('true rules');
});
