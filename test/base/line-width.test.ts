import { expect, test } from '@jest/globals';

import { lineWidth, outputWidth } from '../../terrace/base/line-width';

test('a line leaves the last column free, and a terminal that does not say its size is taken for one of 100', () => {
  expect([lineWidth({ columns: 80 }), lineWidth({ columns: 0 }), lineWidth({})]).toEqual([79, 99, 99]);
});

test('the width of an output is the terminal’s, or what COLUMNS says, or none', () => {
  expect(outputWidth({ isTTY: true, columns: 72 }, {})).toBe(72);
  expect(outputWidth({ isTTY: false }, { COLUMNS: '60' })).toBe(60);
  expect(outputWidth({ isTTY: false }, {})).toBeUndefined();
});
