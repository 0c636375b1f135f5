import { beforeAll, describe, expect, test } from '@jest/globals';

import { copyOf, astraTree, type AstraTree } from './astra-tree';
import { mutations } from './mutations';
import { requirements } from './requirements';

let tree: AstraTree;
beforeAll(async () => {
  tree = await astraTree();
});

describe.each(Object.entries(requirements))('%s', (id, requirement) => {
  test(`is met: ${requirement.title}`, () => {
    expect(requirement.check(tree)).toEqual([]);
  });

  test.each((mutations[id] ?? []).map((mutation) => [mutation.what, mutation] as const))('notices: %s', (_what, mutation) => {
    const broken = copyOf(tree);
    mutation.apply(broken);
    expect(requirement.check(broken)).not.toEqual([]);
  });
});

test('every requirement has a mutation', () => {
  expect(Object.keys(mutations).sort()).toEqual(Object.keys(requirements).sort());
});

test('the ids are those of the requirements', () => {
  const ids = new Set(Object.keys(requirements).map((id) => id.replace(/\/.*/, '')));
  expect([...ids].sort()).toEqual(Array.from({ length: 15 }, (_, index) => `A-${String(index + 1).padStart(2, '0')}`));
});

test('production is absent from the default synthesis, and so is every word of its units', async () => {
  const usual = await astraTree(undefined, false);
  expect(Object.keys(usual.units).filter((unit) => unit.startsWith('production/'))).toEqual([]);
  expect(Object.keys(usual.units)).toHaveLength(13);
  expect(Object.keys(usual.files).filter((file) => file.startsWith('production/'))).toEqual([]);
});
