import { describe, expect, test } from '@jest/globals';

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

describe('in a terminal that is narrower than the table', () => {
  const head = ['unit', 'status', 'why'];
  const rows = [
    ['olechka/dev/eu-central-1/network/vpc', 'behind', 'the record names another commit than the one that is checked out here'],
    ['olechka/dev/eu-central-1/security/kms', 'current', ''],
  ];
  const all = rows.flat().flatMap((cell) => cell.split(' '));

  test.each([60, 80, 120])('of %i columns no line is longer and no word is broken', (width) => {
    const text = renderTable(head, rows, ['left', 'left', 'left'], width);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    const words = text.split(/\s+/);
    for (const word of all) expect(word === '' || words.includes(word)).toBe(true);
  });

  test('texts of several words go on in the next line', () => {
    expect(
      renderTable(
        ['unit', 'why'],
        [
          ['network/vpc', 'a b c d'],
          ['x', ''],
        ],
        ['left', 'left'],
        18,
      ),
    ).toBe('unit         why\nnetwork/vpc  a b c\n             d\nx');
  });

  test('rows become blocks where one word alone is too long', () => {
    expect(renderTable(['unit', 'wave', 'why'], [['olechka/dev/network/vpc', '3', 'later']], ['left', 'right', 'left'], 24)).toBe(
      'olechka/dev/network/vpc\n  wave: 3\n  why: later',
    );
  });
});
