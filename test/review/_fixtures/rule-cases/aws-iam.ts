import type { JsonObject } from '../../../../terrace/base/json';

import { changed, made, type RuleCase } from './rule-case';

function document(...statements: readonly JsonObject[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

const bucket = 'arn:aws:s3:::ai-tools-artifacts-dev';
const read = { Sid: 'Read', Effect: 'Allow', Action: ['s3:GetObject'], Resource: `${bucket}/*` };
const secure = { Condition: { Bool: { 'aws:SecureTransport': 'true' } } };
const deny = { Sid: 'NoDelete', Effect: 'Deny', Action: ['s3:DeleteBucket'], Resource: '*' };
const account = { Sid: 'Account', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: 'kms:*', Resource: '*' };
const oidc = (subject: string): JsonObject => ({
  Effect: 'Allow',
  Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com' },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': subject } },
});

function policy(before: readonly JsonObject[], after: readonly JsonObject[]): readonly [JsonObject, JsonObject] {
  return [{ policy: document(...before) }, { policy: document(...after) }];
}

const inline = { name: '@@', role: '${aws_iam_role.support.name}' };

export const awsIamCases: readonly RuleCase[] = [
  {
    rule: 'iam-action-added',
    ...changed(
      'aws_iam_role_policy',
      inline,
      policy([read], [{ ...read, Action: ['s3:GetObject', 's3:PutObject'] }]),
      policy([{ ...read, Action: ['s3:GetObject', 's3:PutObject'] }], [read]),
    ),
  },
  {
    rule: 'iam-wildcard-added',
    ...changed(
      'aws_iam_role_policy',
      inline,
      policy([read], [{ ...read, Action: ['s3:*'] }]),
      policy([{ ...read, Action: ['s3:*'] }], [{ ...read, Action: ['s3:Get*'] }]),
    ),
  },
  {
    rule: 'iam-resource-widened',
    ...changed(
      'aws_iam_role_policy',
      inline,
      policy([read], [{ ...read, Resource: 'arn:aws:s3:::*' }]),
      policy([{ ...read, Resource: 'arn:aws:s3:::*' }], [read]),
    ),
  },
  {
    rule: 'iam-condition-loosened',
    ...changed('aws_iam_role_policy', inline, policy([{ ...read, ...secure }], [read]), policy([read], [{ ...read, ...secure }])),
  },
  { rule: 'iam-denial-removed', ...changed('aws_iam_role_policy', inline, policy([read, deny], [read]), policy([read], [read, deny])) },
  {
    rule: 'iam-everything-but',
    ...changed(
      'aws_iam_role_policy',
      inline,
      policy([read], [read, { Effect: 'Allow', NotAction: ['iam:*'], Resource: '*' }]),
      policy([read], [read, { Effect: 'Deny', NotAction: ['s3:GetObject'], Resource: '*' }]),
    ),
  },
  {
    rule: 'iam-trust-widened',
    ...changed(
      'aws_iam_role',
      { name: 'deploy-@@' },
      [
        { assume_role_policy: document(oidc('repo:acme/infra:environment:dev')) },
        { assume_role_policy: document(oidc('repo:acme/infra:*')) },
      ],
      [
        { assume_role_policy: document(oidc('repo:acme/infra:*')) },
        { assume_role_policy: document(oidc('repo:acme/infra:environment:dev')) },
      ],
    ),
  },
  {
    rule: 'resource-policy-public',
    ...changed(
      'aws_s3_bucket_policy',
      { bucket: '${aws_s3_bucket.support.bucket}' },
      policy([{ ...read, Principal: { AWS: 'arn:aws:iam::123456789012:root' } }], [{ ...read, Principal: '*' }]),
      policy(
        [{ ...read, Principal: { AWS: 'arn:aws:iam::123456789012:root' } }],
        [{ ...read, Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': '123456789012' } } }],
      ),
    ),
  },
  {
    rule: 'kms-key-policy-widened',
    ...changed(
      'aws_kms_key',
      { description: 'k', enable_key_rotation: true },
      policy(
        [account],
        [
          account,
          { Sid: 'Else', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999999999999:root' }, Action: ['kms:Decrypt'], Resource: '*' },
        ],
      ),
      policy([account], [{ ...account, Sid: 'Named' }]),
    ),
  },
  {
    rule: 'kms-key-policy-changed',
    ...changed(
      'aws_kms_key',
      { description: 'k', enable_key_rotation: true },
      policy([account], [{ ...account, Action: ['kms:Decrypt'] }]),
      policy(
        [account],
        [
          account,
          {
            Sid: 'Logs',
            Effect: 'Allow',
            Principal: { Service: 'logs.eu-central-1.amazonaws.com' },
            Action: ['kms:Encrypt'],
            Resource: '*',
          },
        ],
      ),
    ),
  },
  {
    rule: 'iam-policy-unknown',
    ...made(
      'aws_iam_policy',
      {
        name: 'later-@@',
        policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"${terraform_data.later.id}"}]}',
      },
      { name: 'now-@@', policy: document(read) },
    ),
  },
  {
    rule: 'iam-managed-policy-attached',
    fires: {
      type: 'aws_iam_role_policy_attachment',
      after: { role: '${aws_iam_role.support.name}', policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
    },
    silent: {
      type: 'aws_iam_role_policy_attachment',
      before: { role: '${aws_iam_role.support.name}', policy_arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
    },
  },
  {
    rule: 'iam-boundary-removed',
    ...changed(
      'aws_iam_role',
      {
        name: 'bounded-@@',
        assume_role_policy: document({ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }),
      },
      [{ permissions_boundary: '${aws_iam_policy.support.arn}' }, {}],
      [{}, { permissions_boundary: '${aws_iam_policy.support.arn}' }],
    ),
  },
  {
    rule: 'login-provider-changed',
    ...changed(
      'aws_iam_openid_connect_provider',
      { url: 'https://@@.example.org', thumbprint_list: ['6938fd4d98bab03faadb97b34396831e3780aea1'] },
      [{ client_id_list: ['sts.amazonaws.com'] }, { client_id_list: ['sts.amazonaws.com', 'anybody'] }],
      [{ client_id_list: ['sts.amazonaws.com'] }, { client_id_list: ['sts.amazonaws.com'], tags: { Owner: 'team' } }],
    ),
  },
  {
    rule: 'iam-trust-by-name',
    ...changed(
      'aws_iam_role',
      { name: 'named-@@' },
      [
        { assume_role_policy: document(oidc('repo:acme@7/infra@8:environment:dev')) },
        { assume_role_policy: document(oidc('repo:acme/infra:environment:dev')) },
      ],
      [
        { assume_role_policy: document(oidc('repo:acme/infra:environment:dev')) },
        { assume_role_policy: document(oidc('repo:acme@7/infra@8:environment:dev')) },
      ],
    ),
  },
];
