import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { Remarked, yaml } from '../../terrace/ci/github/yaml';

test.each([
  ['a star, an anchor and a tag', { a: '*.tf', b: '&x', c: '!y', d: '- z', e: '# f', g: '@h', i: '%j', k: '`l' }],
  ['words that mean something else', { on: 'on', yes: 'no', none: 'null', number: '1.10', empty: '', blank: ' x ' }],
  ['colons, quotes and remarks within', { a: 'b: c', d: "it's", e: 'f # g', h: 'i:' }],
  [
    'lists, long and short, with what a short one could not hold',
    { a: ['b', 'c,d', '[e]'], f: ['g', '*'], h: [], i: [{ j: 'k', l: ['m'] }] },
  ],
  ['several lines, with and without an end', { a: 'b\n\n  c\n', d: 'e\nf' }],
  ['numbers, truth and nothing', { a: 1, b: true, c: {} }],
])('%s are read back as they were', (_what, value) => {
  expect(parse(yaml(value))).toEqual(value);
});

test('a remark stands behind its value', () => {
  expect(yaml({ uses: new Remarked('a/b@c', 'v1') })).toBe('uses: a/b@c # v1\n');
});
