import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { compareKeys, lowerBound } from '../../../terrace/sandbox/s3/key-order';
import { listPage, type ListRow } from '../../../terrace/sandbox/s3/list-page';

const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '\uE000', '\uFFFD', '\u{1F600}'), minLength: 1, maxLength: 5 });
const sorted = fc.uniqueArray(key, { maxLength: 40 }).map((keys) => keys.toSorted(compareKeys));

test('keys are ordered by their UTF-8 bytes', () => {
  fc.assert(
    fc.property(key, key, (left, right) => {
      expect(Math.sign(compareKeys(left, right))).toBe(Buffer.compare(Buffer.from(left), Buffer.from(right)));
    }),
  );
});

test('the lower bound is the place of the first key that is not before', () => {
  fc.assert(
    fc.property(sorted, key, (keys, wanted) => {
      expect(lowerBound(keys, wanted)).toBe(keys.filter((one) => compareKeys(one, wanted) < 0).length);
    }),
  );
});

/** What a listing is, said simply: all rows of all keys with the prefix, in order. */
function everything(keys: readonly string[], prefix: string, delimiter: string): readonly ListRow[] {
  const rows = new Map<string, ListRow>();
  for (const one of keys.filter((candidate) => candidate.startsWith(prefix))) {
    const end = delimiter === '' ? -1 : one.indexOf(delimiter, prefix.length);
    const group = one.slice(0, end + delimiter.length);
    if (end < 0) rows.set(`key ${one}`, { key: one });
    else rows.set(`prefix ${group}`, { prefix: group });
  }
  return [...rows.values()];
}

test('pages, one after the other, are the whole listing', () => {
  fc.assert(
    fc.property(
      sorted,
      fc.constantFrom('', 'a', 'a/'),
      fc.constantFrom('', '/'),
      fc.integer({ min: 1, max: 5 }),
      (keys, prefix, delimiter, limit) => {
        const rows: ListRow[] = [];
        for (let after = '', more = true; more;) {
          const page = listPage(keys, { prefix, delimiter, after, limit }, () => true);
          expect(page.rows.length).toBeLessThanOrEqual(limit);
          rows.push(...page.rows);
          more = page.truncated;
          const last = page.rows.at(-1);
          after = last === undefined ? '' : 'key' in last ? last.key : last.prefix;
        }
        expect(rows).toEqual(everything(keys, prefix, delimiter));
      },
    ),
  );
});

test('what is not listed makes no row and no common prefix', () => {
  const hidden = (one: string): boolean => one !== 'a/1';
  expect(listPage(['a/1', 'b'], { prefix: '', delimiter: '/', after: '', limit: 10 }, hidden)).toEqual({
    rows: [{ key: 'b' }],
    truncated: false,
  });
});

test('a page of no rows is not truncated', () => {
  expect(listPage(['a'], { prefix: '', delimiter: '', after: '', limit: 0 }, () => true)).toEqual({ rows: [], truncated: false });
});
