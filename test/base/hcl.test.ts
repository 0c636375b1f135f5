import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { attribute, block, expression, renderHcl, type HclValue } from '../../terrace/base/hcl';

test('equal signs are aligned over consecutive one-line attributes, and a multi-line value stands apart', () => {
  expect(
    renderHcl([
      block('locals', [
        attribute('a', 1),
        attribute('long_name', 'x'),
        attribute('object', { key: true, other_key: null }),
        attribute('b', false),
      ]),
    ]),
  ).toBe(
    `locals {
  a         = 1
  long_name = "x"

  object = {
    key       = true
    other_key = null
  }

  b = false
}
`,
  );
});

test('blocks have labels and are separated by a blank line', () => {
  expect(
    renderHcl([
      block('include', [attribute('path', expression('find_in_parent_folders("root.hcl")'))], ['root']),
      block('dependencies', [attribute('paths', ['../vpc', '../../x'])]),
    ]),
  ).toBe(
    `include "root" {
  path = find_in_parent_folders("root.hcl")
}

dependencies {
  paths = ["../vpc", "../../x"]
}
`,
  );
});

test('a list that does not fit a line has an element on each', () => {
  const names = Array.from({ length: 12 }, (_, index) => `subnet-${index}-of-the-private-tier`);
  expect(renderHcl([attribute('names', names)])).toBe(`names = [\n${names.map((name) => `  "${name}",\n`).join('')}]\n`);
});

test('template markers, quotes and line breaks in strings are escaped', () =>
  expect(renderHcl([attribute('x', 'a "b" ${c} %{d}\n\\')])).toBe('x = "a \\"b\\" $${c} %%{d}\\n\\\\"\n'));
test('keys that are no identifiers are quoted', () =>
  expect(renderHcl([attribute('x', { 'a/b': 1, c: 2 })])).toBe('x = {\n  "a/b" = 1\n  c     = 2\n}\n'));
test('empty bodies, lists and objects stay on one line', () =>
  expect(renderHcl([block('a', []), attribute('b', []), attribute('c', {})])).toBe('a {}\n\nb = []\nc = {}\n'));

const value: fc.Arbitrary<HclValue> = fc.letrec<{ value: HclValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.string({ minLength: 1 }), tie('value'), { maxKeys: 3 }),
  ),
})).value;

test('any value is read back by an HCL parser as it was', async () => {
  const { parse } = await import('@cdktf/hcl2json');
  await fc.assert(
    fc.asyncProperty(value, async (given) => {
      const read: { locals?: readonly { x: unknown }[] } = await parse('x.hcl', renderHcl([block('locals', [attribute('x', given)])]));
      expect(unescaped(read.locals?.[0]?.x)).toEqual(JSON.parse(JSON.stringify(given)));
    }),
    { numRuns: 100 },
  );
});

/** hcl2json keeps template escapes as they are written. */
function unescaped(read: unknown): unknown {
  if (typeof read === 'string') return read.replaceAll('$${', () => '${').replaceAll('%%{', '%{');
  if (Array.isArray(read)) return read.map(unescaped);
  if (typeof read === 'object' && read !== null)
    return Object.fromEntries(
      Object.entries(read).map(([key, one]) => [key.replaceAll('$${', () => '${').replaceAll('%%{', '%{'), unescaped(one)]),
    );
  return read;
}
