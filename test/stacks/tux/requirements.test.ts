import { beforeAll, describe, expect, test } from '@jest/globals';

import { endMutations } from './end-mutations';
import { mutations as ofRequirements } from './mutations';
import { requirements } from './requirements';
import { copyOf, tuxTree, type TuxTree } from './tux-tree';

const mutations = { ...ofRequirements, ...endMutations };

let tree: TuxTree;
beforeAll(async () => {
  tree = await tuxTree();
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

test('the ids are those of the requirements, without that of the picture', () => {
  const ids = new Set(Object.keys(requirements).map((id) => id.replace(/\/.*/, '')));
  expect([...ids].sort()).toEqual(Array.from({ length: 19 }, (_, index) => `T-${String(index + 2).padStart(2, '0')}`));
});
