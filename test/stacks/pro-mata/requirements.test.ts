import { beforeAll, describe, expect, test } from '@jest/globals';

import type { SynthesizedTree } from '../olechka/tree';
import { mutations } from './mutations';
import { requirements } from './requirements';
import { proMataTree } from './tree';

let tree: SynthesizedTree;
beforeAll(async () => {
  tree = await proMataTree();
});

describe.each(requirements.map((one) => [one.id, one] as const))('%s', (id, { sentence, violations }) => {
  test(`holds: ${sentence}`, () => expect(violations(tree)).toEqual([]));

  test.each(mutations.filter(({ requirement }) => requirement === id).map((one) => [one.what, one] as const))(
    'notices %s',
    (_, { apply }) => {
      const wrong = tree.clone();
      apply(wrong);
      expect(violations(wrong)).not.toEqual([]);
    },
  );
});

test('every requirement has a mutation, and every mutation a requirement', () => {
  expect([...new Set(mutations.map(({ requirement }) => requirement))].sort()).toEqual(requirements.map(({ id }) => id).sort());
});

test('the ids are those of the document', () => {
  const ids = new Set(requirements.map(({ id }) => id.replace(/\/.*/, '')));
  expect([...ids].sort()).toEqual(Array.from({ length: 32 }, (_, index) => `P-${String(index + 1).padStart(2, '0')}`));
});
