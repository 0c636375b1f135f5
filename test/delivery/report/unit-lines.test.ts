import { stripVTControlCharacters } from 'node:util';

import { describe, expect, test } from '@jest/globals';

import { painter } from '../../../terrace/base/paint';
import { unitLines, withoutPlace } from '../../../terrace/delivery/report/unit-lines';

const vpc = 'shop/dev/eu/network/vpc';
const why =
  'its files differ from those that were applied at 0123456789ab, and what it reads of security/kms-for-everything has other values';

test('units stand under their place by their short names, and those without changes are counted', () => {
  expect(
    unitLines(
      [
        { unit: 'shop/dev/us/network/vpc', text: '+1' },
        { unit: vpc, text: '~1' },
        { unit: 'shop/dev/eu/a/b', text: '-1' },
      ],
      { unchanged: 2 },
    ),
  ).toEqual(['shop/dev/eu', '  a/b          -1', '  network/vpc  ~1', 'shop/dev/us', '  network/vpc  +1', '  2 units without changes']);
});

describe('on a terminal', () => {
  test.each([60, 80, 120])('of %i columns no line is longer and no word is broken, in colours too', (width) => {
    const paint = painter({}, { FORCE_COLOR: '1' });
    const lines = unitLines([{ unit: vpc, text: `${paint('bad', 'behind:')} ${paint('soft', why)}` }], { width, paint }).map(
      stripVTControlCharacters,
    );
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    expect(lines.join(' ').split(/\s+/).join(' ')).toBe(`shop/dev/eu network/vpc behind: ${why}`);
    expect(lines.slice(2).every((line) => /^ {15}\S/.test(line))).toBe(true);
  });

  test('where a name leaves no room, its text stands below it', () => {
    expect(unitLines([{ unit: 'shop/dev/eu/security/secrets', text: 'never applied: it has no state' }], { width: 40 })).toEqual([
      'shop/dev/eu',
      '  security/secrets',
      '    never applied: it has no state',
    ]);
  });
});

test('a name holds no break and no invisible character, and others of its place are called by their short names', () => {
  expect(unitLines([{ unit: 'a\nb', text: '' }])[0]).toBe('  a ⏎ b  ');
  expect(withoutPlace(`id of ${vpc} changes`, 'shop/dev/eu/compute/api')).toBe('id of network/vpc changes');
  expect(
    withoutPlace(`it moves here from ${vpc}: terrace state move ${vpc} shop/dev/eu/network/new; then ${vpc}`, 'shop/dev/eu/network/new'),
  ).toBe(`it moves here from network/vpc: terrace state move ${vpc} shop/dev/eu/network/new; then network/vpc`);
});
