import { expect, test } from '@jest/globals';

import { outcomeText } from '../../../terrace/delivery/report/outcome';
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
