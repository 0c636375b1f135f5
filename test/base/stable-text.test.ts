import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { stableText } from '../../terrace/base/stable-text';

test('keys are sorted at every level, and empty values stand over two lines', () => {
  expect(stableText({ b: [1, { d: null, c: 'x' }], a: {}, e: [] })).toBe(
    '{\n  "a": {\n  },\n  "b": [\n    1,\n    {\n      "c": "x",\n      "d": null\n    }\n  ],\n  "e": [\n  ]\n}',
  );
});

test('what JSON cannot hold is left out of objects and null in lists', () => {
  expect(stableText({ a: undefined, b: [undefined], c: Number.NaN })).toBe('{\n  "b": [\n    null\n  ],\n  "c": null\n}');
});

test('any JSON value is read back as it was, whatever the order of its keys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value));
      expect(JSON.parse(stableText(plain))).toEqual(plain);
      expect(stableText(JSON.parse(stableText(plain)))).toBe(stableText(plain));
    }),
  );
});
