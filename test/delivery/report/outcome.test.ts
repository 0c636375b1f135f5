import { expect, test } from '@jest/globals';

import { outcomeLines, outcomeText } from '../../../terrace/delivery/report/outcome';
import { noActions } from '../../../terrace/terraform/action-counts';

const at = (name: string): string => `shop/dev/eu-central-1/x/${name}`;

test('one sentence says what was done, where, what was not, and how long it took', () => {
  expect(
    outcomeText(
      [
        { unit: at('a'), status: 'applied', actions: { ...noActions, create: 30 } },
        { unit: at('b'), status: 'applied', actions: { ...noActions, create: 4, update: 2 } },
        { unit: at('c'), status: 'unchanged', actions: noActions },
        { unit: at('d'), status: 'failed', actions: noActions },
      ],
      70,
    ),
  ).toBe('Applied 2 units of shop/dev: +34 ~2; 1 without changes, 1 failed, in 1:10.');
});

test('what is destroyed is not called applied', () => {
  expect(outcomeText([{ unit: at('a'), status: 'destroyed', actions: { ...noActions, destroy: 5 } }], 3)).toBe(
    'Destroyed 1 unit of shop/dev: -5, in 0:03.',
  );
  expect(outcomeText([{ unit: at('a'), status: 'unchanged', actions: noActions }], 3)).toBe(
    'Nothing changed in shop/dev; 1 without changes, in 0:03.',
  );
});

test('a line says what happened to a unit, in which of several rounds, how long it took, and why not', () => {
  expect(
    outcomeLines([
      { unit: at('a'), status: 'applied', actions: { ...noActions, create: 30 }, seconds: 4, round: 1 },
      { unit: at('b'), status: 'destroyed', actions: { ...noActions, destroy: 2 }, seconds: 2.25, round: 2 },
      { unit: at('c'), status: 'unchanged', actions: noActions, seconds: 1, round: 1 },
      { unit: at('d'), status: 'failed', actions: noActions, seconds: 1, round: 2 },
      { unit: at('e'), status: 'skipped', actions: noActions, reason: `${at('d')} failed`, round: 2 },
      { unit: at('f'), status: 'deferred', actions: noActions, round: 2 },
    ]),
  ).toEqual([
    'shop/dev/eu-central-1',
    '  x/a  applied  +30  round 1  4.0 s',
    '  x/b  destroyed  -2  round 2  2.3 s',
    '  x/d  failed  round 2',
    '  x/e  skipped: x/d failed  round 2',
    '  x/f  later  round 2',
    '  1 unit without changes',
  ]);
  expect(outcomeLines([{ unit: at('a'), status: 'applied', actions: { ...noActions, update: 1 }, seconds: 4, round: 1 }])).toEqual([
    'shop/dev/eu-central-1',
    '  x/a  applied  ~1  4.0 s',
  ]);
});
