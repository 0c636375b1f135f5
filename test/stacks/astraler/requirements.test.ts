import { beforeAll, describe, expect, test } from '@jest/globals';

import { astralerTree, copyOf, type AstralerTree } from './astraler-tree';
import { deliveryRequirements } from './requirements/delivery';
import { edgeRequirements } from './requirements/edge';
import { environmentRequirements } from './requirements/environments';
import { monitoringRequirements } from './requirements/monitoring';
import { securityRequirements } from './requirements/security';

const requirements = {
  ...environmentRequirements,
  ...edgeRequirements,
  ...monitoringRequirements,
  ...deliveryRequirements,
  ...securityRequirements,
};

let tree: AstralerTree;
beforeAll(async () => {
  tree = await astralerTree();
}, 600_000);

describe.each(Object.entries(requirements))('%s', (_id, requirement) => {
  test(`is met: ${requirement.title}`, () => {
    expect(requirement.check(tree)).toEqual([]);
  });

  test.each(requirement.mutations.map((mutation) => [mutation.what, mutation] as const))('notices: %s', (_what, mutation) => {
    const broken = copyOf(tree);
    mutation.apply(broken);
    expect(requirement.check(broken)).not.toEqual([]);
  });
});

test('the ids are those of the requirements, each with a mutation', () => {
  expect(Object.keys(requirements).sort()).toEqual(Array.from({ length: 22 }, (_, index) => `S-${String(index + 1).padStart(2, '0')}`));
  expect(Object.entries(requirements).filter(([, { mutations }]) => mutations.length === 0)).toEqual([]);
});
