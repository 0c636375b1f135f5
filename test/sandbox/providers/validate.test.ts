import { expect, test } from '@jest/globals';

import { validateResource } from '../../../terrace/sandbox/providers/engine/validate';
import type { TypeOverlay } from '../../../terrace/sandbox/providers/overlay/overlay';
import { unknown, type ObjectValue } from '../../../terrace/sandbox/providers/protocol/value';
import type { Block } from '../../../terrace/sandbox/providers/schema/schema';

const block: Block = {
  attributes: {
    cidr: { type: 'string', optional: true },
    self: { type: 'bool', optional: true },
    size: { type: 'number', optional: true },
    arn: { type: 'string', computed: true },
  },
};
const refused = (rules: Partial<TypeOverlay>, config: ObjectValue): string[] =>
  validateResource(block, { source: '', ...rules }, config).map(({ summary }) => summary);

test.each([
  [[1, 9], 0, 'expected size to be in the range (1 - 9), got 0'],
  [[1, 9], 10, 'expected size to be in the range (1 - 9), got 10'],
  [[1, null], 0, 'expected size to be at least (1), got 0'],
  [[null, 9], 10, 'expected size to be at most (9), got 10'],
] as const)('a number outside %j is refused: %d', (size, value, message) => {
  expect(refused({ range: { size } }, { size: value })).toEqual([message]);
});

test('the ends of a range are in it, and what is not known or not set is in any', () => {
  for (const size of [1, 9, null, unknown]) expect(refused({ range: { size: [1, 9] } }, { size })).toEqual([]);
});

test('false excludes others as any other value does', () => {
  const conflicts = [['cidr', 'self']];
  expect(refused({ conflicts }, { cidr: '10.0.0.0/8', self: false })).toEqual(['Conflicting configuration arguments']);
  expect(refused({ conflicts }, { cidr: '10.0.0.0/8', self: null })).toEqual([]);
});

test('a value that is not known yet excludes nothing and counts as given', () => {
  const group = [['cidr', 'self']];
  expect(refused({ conflicts: group, atLeastOne: group }, { cidr: unknown, self: true })).toEqual([]);
  expect(refused({ atLeastOne: group }, { cidr: unknown, self: null })).toEqual([]);
  expect(refused({ atLeastOne: group }, { cidr: null, self: null })).toEqual(['Missing required argument']);
});
