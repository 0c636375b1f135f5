import { expect, test } from '@jest/globals';

import { renderTable } from '../../terrace/cli/table';

test('columns are as wide as their widest cell, numbers stand right, lines have no trailing blanks', () => {
  expect(
    renderTable(
      ['unit', 'wave', ''],
      [
        ['network/vpc', '0', ''],
        ['x', '10', 'failed'],
      ],
      ['left', 'right', 'left'],
    ),
  ).toBe('unit         wave\nnetwork/vpc     0\nx              10  failed');
});
