import { expect, test } from '@jest/globals';

import { junctionsOf } from '../../../terrace/diagram/layout/junctions';

const line = (from: string, to: string, ...points: readonly (readonly [number, number])[]) => ({
  edge: { from, to, kind: 'flow' as const },
  points: points.map(([x, y]) => ({ x, y })),
});

test('arrows of one box part in a dot, where one goes straight on as where both turn', () => {
  const down = line('a', 'b', [50, 0], [50, 80]);
  const right = line('a', 'c', [50, 0], [50, 40], [90, 40], [90, 80]);
  const left = line('a', 'd', [50, 0], [50, 40], [10, 40], [10, 80]);
  expect(junctionsOf([down, right])).toEqual([[], [{ x: 50, y: 40 }]]);
  expect(junctionsOf([right, left])).toEqual([[], [{ x: 50, y: 40 }]]);
  expect(junctionsOf([down, right, left])).toEqual([[], [{ x: 50, y: 40 }], []]);
});

test('arrows to one box come together in a dot', () => {
  const straight = line('a', 'c', [50, 0], [50, 80]);
  const joining = line('b', 'c', [90, 0], [90, 40], [50, 40], [50, 80]);
  expect(junctionsOf([straight, joining])).toEqual([[], [{ x: 50, y: 40 }]]);
});

test('arrows that only cross, that begin apart, or that have no end in common have no dot', () => {
  const down = line('a', 'b', [50, 0], [50, 80]);
  expect(junctionsOf([down, line('c', 'd', [0, 40], [90, 40])])).toEqual([[], []]);
  expect(junctionsOf([down, line('a', 'd', [60, 0], [60, 40], [20, 40], [20, 80])])).toEqual([[], []]);
  expect(junctionsOf([down, line('c', 'd', [50, 0], [50, 40], [90, 40])])).toEqual([[], []]);
});
