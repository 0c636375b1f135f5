import { beforeAll, expect, test } from '@jest/globals';

import { mutations } from './mutations';
import { requirements } from './stacks/olechka/requirements';
import { wholeOlechka, type SynthesizedTree } from './stacks/olechka/tree';

let tree: SynthesizedTree;

beforeAll(async () => {
  tree = await wholeOlechka();
});

test.each(mutations.map(({ requirement, what, apply }) => [requirement, what, apply] as const))('%s notices %s', (id, _, apply) => {
  const wrong = tree.clone();
  apply(wrong);
  const noticed = requirements.find((one) => one.id === id);
  expect(noticed?.violations(tree)).toEqual([]);
  expect(noticed?.violations(wrong)).not.toEqual([]);
});

test('every requirement has a mutation that it notices', () => {
  expect(requirements.map(({ id }) => id).filter((id) => !mutations.some((mutation) => mutation.requirement === id))).toEqual([]);
});
