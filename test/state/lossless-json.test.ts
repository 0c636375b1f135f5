import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { formatLossless, JsonNumber, parseLossless } from '../../terrace/state/lossless-json';

test('numbers keep their digits', () => {
  const text = '{\n  "big": 12345678901234567890123,\n  "exact": 1.10,\n  "exponent": -1E+400\n}\n';
  expect(formatLossless(parseLossless(text))).toBe(text);
  expect(parseLossless('9007199254740993')).toEqual(new JsonNumber('9007199254740993'));
});

test('__proto__ and repeated or escaped names are ordinary members', () => {
  expect(formatLossless(parseLossless('{"__proto__": {"a": 1}, "\\u0062": [], "c\\"": {}}'))).toBe(
    '{\n  "__proto__": {\n    "a": 1\n  },\n  "b": [],\n  "c\\"": {}\n}\n',
  );
});

test.each(['', '{', '{"a":1,}', '[1 2]', '01', '"\n"', 'nul', '{"a" 1}'])('%j is refused as JSON.parse refuses it', (text) => {
  expect(() => parseLossless(text)).toThrow(SyntaxError);
});

test('whatever JSON can say is read and written as JSON.stringify does', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, '\t', '   '), (value, space) => {
      const written = JSON.stringify(value, undefined, space);
      expect(JSON.parse(formatLossless(parseLossless(written)))).toEqual(JSON.parse(written));
      expect(formatLossless(parseLossless(written))).toBe(`${JSON.stringify(JSON.parse(written), undefined, 2)}\n`);
    }),
  );
});
