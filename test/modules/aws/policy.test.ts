import { expect, test } from '@jest/globals';
import { Token } from 'cdktf';

import { policyDocument, serviceTrust } from '../../../modules/aws/policy';

test('a statement is written as IAM reads it, with single values unwrapped', () => {
  const document = policyDocument([
    {
      sid: 'Read',
      actions: ['s3:GetObject'],
      resources: ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'],
      principals: { services: ['s3.amazonaws.com'] },
    },
    {
      sid: 'Tls',
      effect: 'Deny',
      actions: ['s3:*'],
      resources: ['*'],
      principals: { everybody: true },
      conditions: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ]);
  expect(JSON.parse(document)).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Read',
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 's3:GetObject',
        Resource: ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'],
      },
      {
        Sid: 'Tls',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });
});

test('a list that only terraform knows is refused, because it would become one string', () => {
  const arns = Token.asList({ resolve: () => ['a'] });
  expect(() => policyDocument([{ sid: 'Read', actions: ['s3:GetObject'], resources: arns }])).toThrow(
    'statement Read: a list known only at apply cannot stand in a policy',
  );
});

test('a trust policy binds the service to the account it acts for, where there is one', () => {
  expect(JSON.parse(serviceTrust(['ecs-tasks.amazonaws.com'], '123456789012')).Statement).toEqual([
    {
      Sid: 'AssumedByService',
      Effect: 'Allow',
      Principal: { Service: 'ecs-tasks.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
    },
  ]);
  expect(JSON.parse(serviceTrust(['s3.amazonaws.com'])).Statement[0].Condition).toBeUndefined();
});
