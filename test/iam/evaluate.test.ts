import { expect, test } from '@jest/globals';

import { isAllowed } from './evaluate';

const policy = (...statements: readonly object[]) => [JSON.stringify({ Statement: statements })];

test('a request is allowed where a statement fits and denied where a denial does', () => {
  const policies = policy(
    { Effect: 'Allow', Action: 's3:Get*', Resource: 'arn:aws:s3:::a/*' },
    { Effect: 'Deny', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::a/secret'] },
  );
  expect(isAllowed(policies, 's3:GetObject', 'arn:aws:s3:::a/x')).toBe(true);
  expect(isAllowed(policies, 's3:GetObject', 'arn:aws:s3:::a/secret')).toBe(false);
  expect(isAllowed(policies, 's3:PutObject', 'arn:aws:s3:::a/x')).toBe(false);
});

test('conditions narrow a statement', () => {
  const policies = policy({
    Effect: 'Allow',
    Action: 'dynamodb:PutItem',
    Resource: '*',
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['b/*/state'] }, Null: { 'dynamodb:LeadingKeys': 'false' } },
  });
  expect(isAllowed(policies, 'dynamodb:PutItem', 't', { 'dynamodb:LeadingKeys': ['b/x/state'] })).toBe(true);
  expect(isAllowed(policies, 'dynamodb:PutItem', 't', { 'dynamodb:LeadingKeys': ['b/x/state', 'other'] })).toBe(false);
  expect(isAllowed(policies, 'dynamodb:PutItem', 't')).toBe(false);
});

test('an operator that it does not know is an error, not a yes', () => {
  expect(() =>
    isAllowed(
      policy({ Effect: 'Allow', Action: '*', Resource: '*', Condition: { DateLessThan: { 'aws:CurrentTime': 'x' } } }),
      'a:B',
      'r',
      { 'aws:CurrentTime': 'y' },
    ),
  ).toThrow('operator DateLessThan is not known here');
});
