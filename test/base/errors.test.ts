import { expect, test } from '@jest/globals';

import { formatProblems, worstOf, type Problem } from '../../terrace/base/errors';

const problem = (place: string, found = 'no key opens it'): Problem => ({
  code: 'E6022',
  title: 'cannot decrypt',
  place,
  found,
  todo: 'give one',
});

test('problems that differ in their place alone are told once, with every place', () =>
  expect(formatProblems([problem('a'), problem('b'), problem('c', 'it was changed'), problem('d')])).toBe(
    [
      'E6022 cannot decrypt   a\n  no key opens it\n  give one\n  the same at b\n              d',
      'E6022 cannot decrypt   c\n  it was changed\n  give one',
    ].join('\n\n'),
  ));

test('the same problem at the same place is told once', () =>
  expect(formatProblems([problem('a'), problem('a')])).toBe('E6022 cannot decrypt   a\n  no key opens it\n  give one'));

test('a thousand places are counted', () => {
  const text = formatProblems(Array.from({ length: 1_000 }, (_, index) => problem(`unit-${index}`)));
  expect(text.split('\n')).toHaveLength(14);
  expect(text).toContain('              unit-10\n              and 989 more');
});

test('G17: all refused is 3, all locked is 4, anything else that did not go well is 1', () => {
  expect([worstOf([]), worstOf([3, 3]), worstOf([4]), worstOf([3, 4]), worstOf([1, 3])]).toEqual([0, 3, 4, 1, 1]);
});
