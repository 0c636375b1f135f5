import { expect, test } from '@jest/globals';

import { lineWidth } from '../../terrace/base/line-width';

test('a line leaves the last column free, and a terminal that does not say its size is taken for one of 100', () => {
  expect([lineWidth({ columns: 80 }), lineWidth({ columns: 0 }), lineWidth({})]).toEqual([79, 99, 99]);
});
