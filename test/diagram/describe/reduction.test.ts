import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { isCyclic, reduced, type Arrow } from '../../../terrace/diagram/describe/reduction';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const arrows = fc.array(fc.record({ from: fc.constantFrom(...names), to: fc.constantFrom(...names) }), { maxLength: 20 });

function reachable(list: readonly Arrow[]): string[] {
  const pairs = new Set(list.filter(({ from, to }) => from !== to).map(({ from, to }) => `${from}${to}`));
  for (const k of names)
    for (const i of names) for (const j of names) if (pairs.has(`${i}${k}`) && pairs.has(`${k}${j}`) && i !== j) pairs.add(`${i}${j}`);
  return [...pairs].sort();
}

test('an arrow that a longer way says is left out', () => {
  const [ab, bc, ac] = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'c' },
    { from: 'a', to: 'c' },
  ];
  expect(reduced([ab, bc, ac])).toEqual([ab, bc]);
});

test('who reaches whom stays the same, in graphs with cycles too', () => {
  fc.assert(fc.property(arrows, (list) => expect(reachable(reduced(list))).toEqual(reachable(list))));
});

test('without cycles no arrow that is left can be left out', () => {
  fc.assert(
    fc.property(arrows, (list) => {
      const forward = list.filter(({ from, to }) => from < to);
      const left = reduced(forward);
      for (const arrow of left) expect(reachable(left.filter((other) => other !== arrow))).not.toEqual(reachable(left));
    }),
  );
});

test('a cycle is seen, a diamond is none', () => {
  expect(
    isCyclic([
      { from: 'a', to: 'b' },
      { from: 'b', to: 'a' },
    ]),
  ).toBe(true);
  expect(
    isCyclic([
      { from: 'x', to: 'a' },
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
      { from: 'c', to: 'a' },
    ]),
  ).toBe(true);
  expect(
    isCyclic([
      { from: 'a', to: 'b' },
      { from: 'a', to: 'c' },
      { from: 'b', to: 'd' },
      { from: 'c', to: 'd' },
      { from: 'a', to: 'b' },
    ]),
  ).toBe(false);
  expect(isCyclic([])).toBe(false);
});
