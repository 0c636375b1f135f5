import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { pathText, type AttributeChange } from '../../../terrace/review/diff/attribute-change';
import { align } from '../../../terrace/review/diff/align';
import { textLines } from '../../../terrace/review/diff/text-lines';
import { diffValues } from '../../../terrace/review/diff/value-diff';
import type { Json } from '../../../terrace/base/json';
import { maskValue } from '../../../terrace/review/plan/mask-value';
import { type ShownValue, unknown } from '../../../terrace/review/values/shown-value';

function paths(changes: readonly AttributeChange[]): readonly string[] {
  return changes.map(({ path, kind }) => `${kind} ${pathText(path)}`);
}

describe('attributes', () => {
  test('nested ones are named by their path, equal ones left out, absent, null and empty count as equal', () => {
    expect(
      paths(
        diffValues({ a: 1, b: { c: 'x', d: 2 }, gone: true, none: null, list: [] }, { a: 1, b: { c: 'y', d: 2 }, made: 'z', block: {} }),
      ),
    ).toEqual(['changed b.c', 'removed gone', 'added made']);
  });

  test('an unknown value is a change, with its mark', () => {
    expect(diffValues({ id: 'a' }, { id: unknown })).toEqual([
      { path: ['id'], kind: 'changed', before: 'a', after: unknown, marks: ['unknown'] },
    ]);
  });

  test('a name that is no word is quoted in the path', () => {
    expect(paths(diffValues({}, { tags: { 'a b': '1', __proto__x: '2' } }))).toEqual(['added tags.__proto__x', 'added tags["a b"]']);
  });
});

describe('lists', () => {
  test('of plain values show only what came and went, counting doubles', () => {
    const [change] = diffValues({ cidrs: ['a', 'b', 'b'] }, { cidrs: ['b', 'c', 'a'] });
    expect(change?.elements).toEqual({ added: ['c'], removed: ['b'], kept: 2 });
  });

  test('in another order say so', () => {
    const [change] = diffValues({ cidrs: ['a', 'b'] }, { cidrs: ['b', 'a'] });
    expect(change?.elements).toEqual({ added: [], removed: [], kept: 2 });
  });

  test('of blocks are matched by what tells them apart: one that is inserted first changes nothing else', () => {
    const rule = (Sid: string, Action: string) => ({ Sid, Action });
    expect(
      paths(diffValues({ Statement: [rule('A', '1'), rule('B', '2')] }, { Statement: [rule('Z', '9'), rule('A', '1'), rule('B', '3')] })),
    ).toEqual(['added Statement[Z].Action', 'added Statement[Z].Sid', 'changed Statement[B].Action']);
  });

  test('of blocks without a name are matched by likeness', () => {
    const rule = (port: number, cidr: string) => ({ protocol: 'tcp', from: port, to: port, cidr });
    const pairs = align([rule(80, 'a'), rule(443, 'a')], [rule(443, 'b'), rule(80, 'a'), rule(22, 'z')]);
    expect(pairs).toEqual([{ before: 1, after: 0 }, { before: 0, after: 1 }, { after: 2 }]);
  });

  test('one value and a list of values are compared as lists, as policies write them', () => {
    const [change] = diffValues({ Resource: 'a' }, { Resource: ['a', 'b'] });
    expect(change?.elements).toEqual({ added: ['b'], removed: [], kept: 1 });
  });

  test('of thousands of blocks are matched by position rather than never', () => {
    const list = (offset: number) => Array.from({ length: 500 }, (_, index) => ({ value: index + offset, other: offset }));
    expect(align(list(0), list(1000)).length).toBe(500);
  });
});

describe('texts', () => {
  test('a JSON document is compared as what it says', () => {
    const [change] = diffValues(
      { policy: '{"Statement":[{"Action":["a"]}]}' },
      { policy: '{ "Statement": [ { "Action": ["a", "b"] } ] }' },
    );
    expect(change?.document?.map(({ path, elements }) => [pathText(path), elements?.added])).toEqual([['Statement[0].Action', ['b']]]);
  });

  test('a document that is only written differently has no differences', () => {
    expect(diffValues({ policy: '{"a":1,"b":2}' }, { policy: '{ "b": 2, "a": 1 }' })[0]?.document).toEqual([]);
  });

  test('a long text is shown by lines around the difference', () => {
    const text = Array.from({ length: 20 }, (_, line) => `line ${line}`);
    const lines = textLines(text.join('\n'), text.map((line) => (line === 'line 10' ? 'line ten' : line)).join('\n'));
    expect(lines.map((line) => (line === null ? '…' : `${line.kind[0]} ${line.text}`))).toEqual([
      '…',
      's line 8',
      's line 9',
      'r line 10',
      'a line ten',
      's line 11',
      's line 12',
      '…',
    ]);
  });
});

/** Reading the differences back: the leaves of `after` where they say so, those of `before` elsewhere. */
test('a value differs from itself nowhere, and from another one somewhere', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (one, two) => {
      const [a, b] = [maskValue(one as Json, undefined, undefined), maskValue(two as Json, undefined, undefined)] as const;
      expect(diffValues(a, a)).toEqual([]);
      const same = JSON.stringify(emptied(a)) === JSON.stringify(emptied(b));
      if (!same) expect(diffValues(a, b).length).toBeGreaterThan(0);
    }),
    { numRuns: 2000 },
  );
});

/** The value with sorted keys, without what is null or empty: what a difference is about. */
function emptied(value: ShownValue | undefined): unknown {
  if (Array.isArray(value))
    return value.length === 0
      ? undefined
      : value.map((item: ShownValue) => emptied(item) ?? null).toSorted((x, y) => (JSON.stringify(x) < JSON.stringify(y) ? -1 : 1));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .map(([key, item]) => [key, emptied(item)] as const)
      .filter(([, item]) => item !== undefined);
    return entries.length === 0 ? undefined : Object.fromEntries(entries.toSorted(([x], [y]) => (x < y ? -1 : 1)));
  }
  return value ?? undefined;
}
