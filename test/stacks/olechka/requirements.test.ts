import { beforeAll, expect, test } from '@jest/globals';

import { requirements } from './requirements';
import { wholeOlechka, type SynthesizedTree } from './tree';

let tree: SynthesizedTree;

beforeAll(async () => {
  tree = await wholeOlechka();
});

test.each(requirements.map(({ id, sentence, violations }) => [`${id}: ${sentence}`, violations] as const))('%s', (_, violations) => {
  expect(violations(tree)).toEqual([]);
});

test('no two requirements share an id', () => {
  expect(new Set(requirements.map(({ id }) => id)).size).toBe(requirements.length);
});
