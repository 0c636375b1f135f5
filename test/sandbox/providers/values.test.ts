import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { fromJson, toJson } from '../../../terrace/sandbox/providers/protocol/json';
import { decodeValue, encodeValue } from '../../../terrace/sandbox/providers/protocol/msgpack';
import {
  Dynamic,
  isUnknown,
  isWhollyKnown,
  sameValue,
  Unknown,
  unknown,
  type Value,
} from '../../../terrace/sandbox/providers/protocol/value';
import type { Type } from '../../../terrace/sandbox/providers/schema/schema';
import { RandomStream } from '../../../terrace/sandbox/providers/values/random-stream';
import { fillTemplate } from '../../../terrace/sandbox/providers/values/template';

const shape: Type = [
  'object',
  { text: 'string', count: 'number', on: 'bool', tags: ['map', 'string'], list: ['list', ['object', { a: 'number' }]], any: 'dynamic' },
];

const leaf = fc.record({
  text: fc.option(fc.string()),
  count: fc.option(
    fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
    ),
  ),
  on: fc.option(fc.boolean()),
  tags: fc.option(
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      fc.string(),
    ),
  ),
  list: fc.option(fc.array(fc.record({ a: fc.option(fc.integer()) }))),
  any: fc.constant(null),
});

test('a value survives terraform’s msgpack form', () => {
  fc.assert(
    fc.property(leaf, (value: Value) => {
      expect(sameValue(decodeValue(encodeValue(value, shape), shape), value)).toBe(true);
    }),
  );
});

test('a value survives its JSON form', () => {
  fc.assert(
    fc.property(leaf, (value: Value) => {
      expect(sameValue(fromJson(JSON.parse(JSON.stringify(toJson(value))), shape), value)).toBe(true);
    }),
  );
});

test('numbers travel as texts, since terraform takes msgpack integers for drift', () => {
  expect(Buffer.from(encodeValue({ a: 3 }, ['object', { a: 'number' }])).toString('latin1')).toBe('\x81\xa1a\xa13');
});

test('whole numbers beyond 2^53 keep every digit', () => {
  const big = 9_007_199_254_740_993n;
  expect(decodeValue(encodeValue(big, 'number'), 'number')).toBe(big);
});

test('an unknown value keeps what terraform knows about it', () => {
  const bare = decodeValue(encodeValue(unknown, 'string'), 'string');
  expect(isUnknown(bare) && bare.refinement).toBeUndefined();
  const refined = new Unknown(new Uint8Array([0x81, 1, 0xc2]));
  const back = decodeValue(encodeValue(refined, 'string'), 'string');
  expect(isUnknown(back) ? [...(back.refinement ?? [])] : []).toEqual([0x81, 1, 0xc2]);
});

test('a dynamic value travels with its type', () => {
  const value = new Dynamic(['object', { a: ['list', 'number'] }], { a: [1, 2] });
  const back = decodeValue(encodeValue(value, 'dynamic'), 'dynamic');
  expect(back).toEqual(value);
  expect(toJson(value)).toEqual({ value: { a: [1, 2] }, type: ['object', { a: ['list', 'number'] }] });
});

test('a value is wholly known only without an unknown part', () => {
  expect([isWhollyKnown({ a: [1, null] }), isWhollyKnown({ a: [unknown] }), isWhollyKnown(new Dynamic('string', unknown))]).toEqual([
    true,
    false,
    false,
  ]);
});

test('JSON that people edited is made to fit the type', () => {
  expect(fromJson({ text: 5, count: '7', on: 'true', unexpected: 1, list: 'no' }, shape)).toEqual({
    text: '5',
    count: 7,
    on: true,
    tags: null,
    list: null,
    any: null,
  });
});

test('the same seed gives the same values on every machine', () => {
  const stream = new RandomStream('seed');
  expect([stream.hex(6), stream.digits(5), stream.uuid()]).toEqual([
    new RandomStream('seed').hex(6),
    expect.stringMatching(/^[1-9]\d{4}$/),
    expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/),
  ]);
});

test.each([
  ['vpc-{hex:17}', /^vpc-[0-9a-f]{17}$/],
  ['arn:{partition}:sns:{region}:{account}:{name}', /^arn:aws:sns:eu-central-1:1:a b$/],
  ['{name:slug}', /^a-b$/],
  ["role{path|'/'}{name}", /^role\/a b$/],
  ['{inner.id}', /^7$/],
  ['{arn:last}', /^z$/],
  ['{"AWS":"{account}"}', /^\{"AWS":"1"\}$/],
  ['${version} {account}', /^\$\{version\} 1$/],
  ['#{host} {account}', /^#\{host\} 1$/],
  ['{absent}', /^$/],
])('the template %s is filled', (template, expected) => {
  const attributes = { name: 'a b', path: null, inner: [{ id: 7 }], arn: 'arn:x/y/z' };
  expect(
    fillTemplate(template, {
      settings: { partition: 'aws', region: 'eu-central-1', account: '1' },
      attributes,
      random: new RandomStream('s'),
    }),
  ).toMatch(expected);
});

test('a template waits for what is not known yet', () => {
  expect(fillTemplate('{name}', { settings: {}, attributes: { name: unknown } })).toBeUndefined();
  expect(fillTemplate('{hex:4}', { settings: {}, attributes: {} })).toBeUndefined();
});
