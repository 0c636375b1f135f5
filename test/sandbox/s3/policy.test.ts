import { expect, test } from '@jest/globals';

import { evaluatePolicy, type PolicyRequest } from '../../../terrace/sandbox/s3/policy';

const put: PolicyRequest = {
  action: 's3:PutObject',
  resource: 'arn:aws:s3:::states/dev/terraform.tfstate',
  account: '123456789012',
  principal: 'arn:aws:sts::123456789012:assumed-role/deploy/session',
  context: { 'aws:securetransport': 'true' },
};
const policy = (...statements: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const everybody = { Principal: '*', Action: 's3:*', Resource: ['arn:aws:s3:::states', 'arn:aws:s3:::states/*'] };
const withHeader = (value: string): PolicyRequest => ({ ...put, context: { ...put.context, 's3:x-amz-server-side-encryption': value } });

test('a refusal of other encryption lets a write without the header pass, and one with aws:kms', () => {
  const text = policy({
    ...everybody,
    Effect: 'Deny',
    Action: 's3:PutObject',
    Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' }, Null: { 's3:x-amz-server-side-encryption': 'false' } },
  });
  expect([evaluatePolicy(text, put), evaluatePolicy(text, withHeader('aws:kms')), evaluatePolicy(text, withHeader('AES256'))]).toEqual([
    'silent',
    'silent',
    'deny',
  ]);
});

test('a refusal of requests without TLS does not meet the sandbox', () => {
  const text = policy({ ...everybody, Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
  expect(evaluatePolicy(text, put)).toBe('silent');
  expect(evaluatePolicy(text, { ...put, context: { 'aws:securetransport': 'false' } })).toBe('deny');
});

test.each([
  ['*', 'allow'],
  [{ AWS: '*' }, 'allow'],
  [{ AWS: '123456789012' }, 'allow'],
  [{ AWS: ['arn:aws:iam::123456789012:root'] }, 'allow'],
  [{ AWS: 'arn:aws:iam::123456789012:role/deploy' }, 'allow'],
  [{ AWS: 'arn:aws:iam::123456789012:role/other' }, 'silent'],
  [{ AWS: 'arn:aws:iam::210987654321:root' }, 'silent'],
  [{ Service: 'logging.s3.amazonaws.com' }, 'silent'],
])('the principal %j is met or not', (Principal, verdict) => {
  expect(evaluatePolicy(policy({ ...everybody, Effect: 'Allow', Principal }), put)).toBe(verdict);
});

test('a refusal goes before a permission', () => {
  expect(evaluatePolicy(policy({ ...everybody, Effect: 'Allow' }, { ...everybody, Effect: 'Deny', Action: ['s3:Put*'] }), put)).toBe(
    'deny',
  );
});

test('actions and resources match by pattern, or by what they are not', () => {
  const verdict = (statement: object): string => evaluatePolicy(policy({ Effect: 'Allow', Principal: '*', ...statement }), put);
  expect(verdict({ Action: 'S3:putobject', Resource: '*' })).toBe('allow');
  expect(verdict({ Action: 's3:GetObject', Resource: '*' })).toBe('silent');
  expect(verdict({ NotAction: 's3:Get*', Resource: '*' })).toBe('allow');
  expect(verdict({ NotAction: 's3:Put*', Resource: '*' })).toBe('silent');
  expect(verdict({ Action: '*', Resource: 'arn:aws:s3:::states/dev/*' })).toBe('allow');
  expect(verdict({ Action: '*', Resource: 'arn:aws:s3:::states/prod/*' })).toBe('silent');
  expect(verdict({ Action: '*', NotResource: 'arn:aws:s3:::states/prod/*' })).toBe('allow');
});

test('negated operators hold for a key that the request does not have, IfExists ones too, others not', () => {
  const verdict = (Condition: object): string => evaluatePolicy(policy({ ...everybody, Effect: 'Allow', Condition }), put);
  expect(verdict({ StringNotEquals: { 's3:prefix': 'x' } })).toBe('allow');
  expect(verdict({ StringEquals: { 's3:prefix': 'x' } })).toBe('silent');
  expect(verdict({ StringEqualsIfExists: { 's3:prefix': 'x' } })).toBe('allow');
  expect(verdict({ Null: { 's3:prefix': 'true' } })).toBe('allow');
});

test('a statement with what it does not know neither grants nor refuses', () => {
  expect(evaluatePolicy(policy({ ...everybody, Effect: 'Deny', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }), put)).toBe(
    'silent',
  );
  expect(evaluatePolicy(policy({ Effect: 'Deny', NotPrincipal: { AWS: '*' }, Action: '*', Resource: '*' }), put)).toBe('silent');
});
