import { afterAll, expect, test } from '@jest/globals';
import { App, Fn, Lazy, TerraformStack, Token, Tokenization } from 'cdktf';
import { resolve as viaCdktf } from 'cdktf/lib/_tokens';
import tokens = require('cdktf/lib/tokens/private/resolve');
import { DefaultTokenResolver, StringConcat } from 'cdktf';
import fc from 'fast-check';
import { rmSync } from 'node:fs';

import '../../terrace/tree/resolve-plain';
import { opaqueValue } from '../../terrace/tree/opaque-value';
import { temporaryFolder } from '../_helpers/sandbox';

const outdir = temporaryFolder('terrace-resolve-');
const stack = new TerraformStack(new App({ outdir }), 'stack');
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** cdktf's own resolution, not by way of `Tokenization`. */
const original = (value: unknown): unknown =>
  tokens.resolve(value, { scope: stack, preparing: false, resolver: new DefaultTokenResolver(new StringConcat()) });

const leaf = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, min: -1e100, max: 1e100 }),
  fc.boolean(),
  fc.constantFrom(
    null,
    undefined,
    '1e5',
    '{"a":"1.5e+10"}',
    '${plain}',
    '%{ if x }',
    Token.asString({ resolve: () => 'late' }),
    `a ${Token.asString(Lazy.stringValue({ produce: () => 'lazy' }))} b`,
    Token.asList({ resolve: () => ['x', undefined, 'y'] }),
    Token.asStringMap({ resolve: () => ({ k: 'v', gone: undefined }) }),
    Lazy.anyValue({ produce: () => ({ deep: [1, undefined, { a: undefined }] }) }),
    Lazy.anyValue({ produce: () => undefined }),
    Fn.join('-', ['a', Token.asString({ resolve: () => 'b' })]),
    opaqueValue('number', 'port', '${data.x.port}'),
    new Date(0),
  ),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('any'), { maxKeys: 4 }),
  ),
})).any;

test('whatever a configuration holds is resolved as cdktf resolves it', () => {
  fc.assert(
    fc.property(value, (one) => expect(viaCdktf(stack, one)).toEqual(original(one))),
    { numRuns: 500 },
  );
});

test('a token in a key, in a list and as a whole map stands where cdktf puts it', () => {
  const key = Token.asString({ resolve: () => 'name' });
  const mixed = { [key]: 1, list: Token.asList({ resolve: () => ['x'] }), map: Token.asStringMap({ resolve: () => ({ k: 'v' }) }) };
  expect(viaCdktf(stack, mixed)).toEqual({ name: 1, list: ['x'], map: { k: 'v' } });
});

test('what cannot be resolved is refused with the path to it', () => {
  expect(() => viaCdktf(stack, { a: [{ b: () => 1 }] })).toThrow('/a/0/b');
  expect(() => viaCdktf(stack, { a: { b: stack } })).toThrow('/a/b');
  const round: Record<string, unknown> = {};
  round['self'] = round;
  expect(() => viaCdktf(stack, round)).toThrow(/circular/i);
});

test('a token is asked while references between units are looked for', () => {
  const asked: (boolean | undefined)[] = [];
  const token = { creationStack: [], resolve: (context: { readonly preparing: boolean }) => void asked.push(context.preparing) };
  Tokenization.resolve({ a: [token, 'plain'] }, { scope: stack, preparing: true, resolver: new DefaultTokenResolver(new StringConcat()) });
  expect(asked).toEqual([true]);
});
