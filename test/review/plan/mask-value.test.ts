import { describe, expect, test } from '@jest/globals';

import { type PlanJson, parsePlan } from '../../../terrace/terraform/plan-json';
import { maskValue } from '../../../terrace/review/plan/mask-value';
import { at, canonicalText, isSensitive, isUnknown, markKey, sameValue, unknown } from '../../../terrace/review/values/shown-value';
import { Secrets } from '../../../terrace/review/plan/secrets';

describe('sealing', () => {
  test('marks stand where the masks are, everything else as it is', () => {
    const masked = maskValue(
      { name: 'a', password: 'secret', nested: [{ key: 'b', open: 1 }] },
      { password: true, nested: [{ key: true }] },
      { id: true, nested: [{ later: true }] },
    );
    expect(at(masked, 'name')).toBe('a');
    expect(isSensitive(at(masked, 'password'))).toBe(true);
    expect(isSensitive(at(masked, 'nested', 0, 'key'))).toBe(true);
    expect(at(masked, 'nested', 0, 'open')).toBe(1);
    expect(isUnknown(at(masked, 'id'))).toBe(true);
    expect(isUnknown(at(masked, 'nested', 0, 'later'))).toBe(true);
  });

  test('a mask of another shape than its value covers the whole value', () => {
    expect(isSensitive(maskValue('a text', { inner: true }, undefined))).toBe(true);
    expect(isSensitive(maskValue(['a'], [false, true], undefined))).toBe(true);
    expect(isSensitive(maskValue({ a: 1 }, [true], undefined))).toBe(true);
    expect(maskValue('a text', { inner: false }, undefined)).toBe('a text');
  });

  test('two equal secrets have one digest, others have others, an unknown one has none', () => {
    expect(sameValue(maskValue('a', true, false), maskValue('a', true, false))).toBe(true);
    expect(sameValue(maskValue('a', true, false), maskValue('b', true, false))).toBe(false);
    expect(sameValue(maskValue(undefined, true, true), maskValue(undefined, true, true))).toBe(false);
  });

  test('a map cannot pass for a mark', () => {
    const masked = maskValue({ [markKey]: 'sensitive', digest: 'x' }, undefined, undefined);
    expect(isSensitive(masked)).toBe(false);
    expect(masked).toEqual({ [`${markKey}'`]: 'sensitive', digest: 'x' });
  });

  test('a key named __proto__ stays a key', () => {
    const masked = maskValue(JSON.parse('{"__proto__": {"polluted": true}}'), undefined, undefined);
    expect(Object.keys(masked as object)).toEqual(['__proto__']);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  test('unknown values are never equal, not even to themselves', () => {
    expect(sameValue(unknown, unknown)).toBe(false);
    expect(sameValue({ a: unknown }, { a: unknown })).toBe(false);
  });

  test('canonical text has sorted keys', () => {
    expect(canonicalText({ b: 1, a: [true, null] })).toBe('{"a":[true,null],"b":1}');
  });
});

test('a secret is found as a whole from 4 characters and inside a text from 8, also as JSON writes it', () => {
  const plan: PlanJson = {
    format_version: '1.2',
    output_changes: {
      a: {
        actions: ['create'],
        after: { pin: '1234', word: 'line "one"\nline two', port: 54321 },
        after_sensitive: { pin: true, word: true, port: true },
      },
    },
  };
  const secrets = new Secrets(plan);
  expect(secrets.holds('1234')).toBe(true);
  expect(secrets.holds('x1234x')).toBe(false);
  expect(secrets.holds(54321)).toBe(true);
  expect(secrets.holds('before line "one"\nline two after')).toBe(true);
  expect(secrets.holds(JSON.stringify({ text: 'line "one"\nline two' }))).toBe(true);
  expect(secrets.holds('another text')).toBe(false);
});

test.each([
  ['no JSON', '{"format_version": "1.2"'],
  ['another format', '{"format_version": "2.0"}'],
  ['no plan at all', '[]'],
  ['an entry that is no resource', '{"format_version": "1.2", "resource_changes": [{"address": "a"}]}'],
])('%s is refused with E7001 and the place', (_, text) => {
  expect(() => parsePlan(text, 'units/a/plan.masked.json')).toThrow(/^E7001 unreadable plan {3}units\/a\/plan\.masked\.json/);
});
