import { expect, test } from '@jest/globals';

import type { Item } from '../../../terrace/sandbox/dynamodb/attribute-value';
import { readItem } from '../../../terrace/sandbox/dynamodb/attribute-value';
import { fulfils, project } from '../../../terrace/sandbox/dynamodb/expression';
import { updated } from '../../../terrace/sandbox/dynamodb/update-expression';

const item: Item = {
  LockID: { S: 'a' },
  n: { N: '5' },
  list: { L: [{ S: 'x' }, { M: { deep: { N: '1' } } }] },
  map: { M: { 'key.dot': { BOOL: true }, inner: { S: 'y' } } },
  set: { SS: ['p', 'q'] },
};
const placeholders = {
  names: { '#id': 'LockID', '#dot': 'key.dot' },
  values: {
    ':a': { S: 'a' },
    ':b': { S: 'b' },
    ':five': { N: '5.0' },
    ':one': { N: '1' },
    ':nine': { N: '9' },
    ':p': { S: 'p' },
    ':t': { S: 'M' },
  } satisfies Item,
};
const holds = (expression: string, subject: Item = item): boolean => fulfils('ConditionExpression', expression, subject, placeholders);

test.each([
  ['attribute_not_exists(LockID)', false],
  ['attribute_exists(#id)', true],
  ['attribute_exists(map.#dot)', true],
  ['attribute_exists(list[1].deep)', true],
  ['attribute_exists(list[7])', false],
  ['#id = :a', true],
  ['LockID <> :a', false],
  ['n = :five', true],
  ['n > :one AND n < :nine', true],
  ['n BETWEEN :one AND :nine', true],
  ['LockID IN (:b, :a)', true],
  ['NOT LockID = :a OR n >= :nine', false],
  ['NOT (LockID = :b) AND (n = :one OR n = :five)', true],
  ['begins_with(LockID, :a)', true],
  ['contains(set, :p)', true],
  ['contains(set, :b)', false],
  ['attribute_type(map, :t)', true],
  ['size(list) > :one', true],
  ['missing = :a', false],
  ['LockID < :five', false],
])('%s is %s', (expression, expected) => {
  expect(holds(expression)).toBe(expected);
});

test('where there is no item, only its absence holds', () => {
  expect([holds('attribute_not_exists(LockID)', {}), holds('LockID = :a', {}), holds('LockID <> :a', {})]).toEqual([true, false, true]);
});

test.each([
  '',
  '#id =',
  '= :a',
  '(LockID = :a',
  'LockID = :a LockID',
  'LockID ! :a',
  'foo(LockID)',
  '#unknown = :a',
  'LockID = :unknown',
  'list[x] = :a',
  'attribute_exists(',
])('%s is refused', (expression) => {
  expect(() => holds(expression)).toThrow(/Invalid/);
});

test('a projection keeps the parts that it names', () => {
  expect(project('#id, map.inner, list[1]', item, placeholders)).toEqual({
    LockID: { S: 'a' },
    map: { M: { inner: { S: 'y' } } },
    list: { L: [{ M: { deep: { N: '1' } } }] },
  });
  expect(project('missing', item, placeholders)).toEqual({});
  expect(project(undefined, item, placeholders)).toBe(item);
});

test.each([
  ['SET n = n + :one', { n: { N: '6' } }],
  ['SET fresh = if_not_exists(fresh, :a)', { fresh: { S: 'a' } }],
  ['SET map.inner = :b', { map: { M: { 'key.dot': { BOOL: true }, inner: { S: 'b' } } } }],
  ['SET list[0] = :b', { list: { L: [{ S: 'b' }, { M: { deep: { N: '1' } } }] } }],
  ['ADD n :one', { n: { N: '6' } }],
])('%s changes just that', (expression, change) => {
  expect(updated(expression, item, placeholders)).toEqual({ ...item, ...change });
});

test('clauses read the item as it was before the update', () => {
  const after = updated('SET a = n, n = :one REMOVE list[0], map', item, placeholders);
  expect(after).toEqual({
    LockID: { S: 'a' },
    a: { N: '5' },
    n: { N: '1' },
    set: { SS: ['p', 'q'] },
    list: { L: [{ M: { deep: { N: '1' } } }] },
  });
});

test('an update that makes no sense is refused', () => {
  for (const expression of ['SET', 'SET n', 'SET n = LockID + :one', 'SET n = missing', 'SET a = :a SET b = :b', 'CHANGE n'])
    expect(() => updated(expression, item, placeholders)).toThrow(/invalid|incorrect|does not exist|Syntax/i);
});

test('values that are none are refused', () => {
  for (const value of [{}, { S: 1 }, { N: 'x' }, { S: 'a', N: '1' }, { SS: [] }, { SS: ['a', 'a'] }, 'a', { X: 'a' }])
    expect(() => readItem({ a: value })).toThrow(/Supplied AttributeValue|cannot be converted/);
});
