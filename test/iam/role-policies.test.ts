import { expect, test } from '@jest/globals';

import { applyStatements, planStatements, rolePolicies, type RoleNeeds } from '../../terrace/iam/role-policies';
import { accessTable, grantsOf } from '../../terrace/iam/type-access';
import { defaultNames } from '../../terrace/state/backend-names';
import { isAllowed } from './evaluate';

const account = '123456789012';
const bucket = `terraform-state-${account}-eu-central-1`;
const table = `arn:aws:dynamodb:eu-central-1:${account}:table/terraform-locks-${account}`;
const stateKey = `arn:aws:kms:eu-central-1:${account}:key/1`;
const throughS3 = { 'kms:ViaService': 's3.eu-central-1.amazonaws.com', 'kms:ResourceAliases': ['alias/terraform-state'] };

const unit = (name: string, types: readonly string[], appliedByBootstrap = false, lock: 'dynamodb' | 'both' | 's3' = 'dynamodb') => ({
  state: {
    bucket,
    key: `dev/eu-central-1/${name}/terraform.tfstate`,
    region: 'eu-central-1',
    kmsKeyId: `arn:aws:kms:eu-central-1:${account}:alias/terraform-state`,
    useLockfile: lock !== 'dynamodb',
    ...(lock === 's3' ? {} : { dynamodbTable: `terraform-locks-${account}` }),
  },
  types,
  appliedByBootstrap,
});

const needs = (lock: 'dynamodb' | 'both' | 's3' = 'dynamodb'): RoleNeeds => ({
  account,
  project: 'ai-tools',
  environment: 'dev',
  accepted: { bucket, key: 'dev/accepted.json' },
  backend: defaultNames,
  units: [
    unit('network/vpc', ['aws_vpc', 'aws_flow_log', 'aws_iam_role', 'data.aws_prefix_list'], false, lock),
    unit('storage/bucket', ['aws_s3_bucket', 'random_password', 'data.terraform_remote_state'], false, lock),
    unit('backend/state', ['aws_dynamodb_table', 'aws_kms_key'], true, lock),
  ],
});

const plan = rolePolicies('plan', needs());
const apply = rolePolicies('apply', needs());
const object = (name: string, file = 'terraform.tfstate') => `arn:aws:s3:::${bucket}/dev/eu-central-1/${name}/${file}`;
const item = (name: string, suffix = '') => ({ 'dynamodb:LeadingKeys': [`${bucket}/dev/eu-central-1/${name}/terraform.tfstate${suffix}`] });

test('the plan role reads every state and digest of the environment and no other', () => {
  for (const name of ['network/vpc', 'storage/bucket', 'backend/state']) {
    expect(isAllowed(plan, 's3:GetObject', object(name))).toBe(true);
    expect(isAllowed(plan, 's3:GetObject', object(name, 'applied.json'))).toBe(true);
    expect(isAllowed(plan, 'dynamodb:GetItem', table, item(name, '-md5'))).toBe(true);
  }
  expect(isAllowed(plan, 's3:GetObject', `arn:aws:s3:::${bucket}/staging/eu-central-1/network/vpc/terraform.tfstate`)).toBe(false);
  expect(isAllowed(plan, 's3:GetObject', object('network/other'))).toBe(false);
  expect(isAllowed(plan, 's3:GetObject', 'arn:aws:s3:::ai-tools-artifacts-dev-eu-central-1/x')).toBe(false);
});

test('the plan role takes and gives back locks, and writes neither states, digests nor records', () => {
  for (const action of ['dynamodb:PutItem', 'dynamodb:DeleteItem']) {
    expect(isAllowed(plan, action, table, item('network/vpc'))).toBe(true);
    expect(isAllowed(plan, action, table, item('network/vpc', '-md5'))).toBe(false);
    expect(isAllowed(plan, action, table)).toBe(false);
  }
  for (const action of ['s3:PutObject', 's3:DeleteObject'])
    for (const file of ['terraform.tfstate', 'applied.json']) expect(isAllowed(plan, action, object('network/vpc', file))).toBe(false);
  expect(isAllowed(plan, 'kms:Decrypt', stateKey, throughS3)).toBe(true);
  expect(isAllowed(plan, 'kms:GenerateDataKey', stateKey, throughS3)).toBe(false);
});

test('the plan role does nothing else but read', () => {
  const actions = planStatements(needs()).flatMap(({ Action }) => Action);
  const writing = actions.filter((action) => !/:(Get|List|Describe|Decrypt$)/.test(action));
  expect([...new Set(writing)].sort()).toEqual(['dynamodb:DeleteItem', 'dynamodb:PutItem']);
});

test.each(['both', 's3'] as const)('with lock %s the lock objects count as lock items', (lock) => {
  const policies = rolePolicies('plan', needs(lock));
  for (const action of ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'])
    expect(isAllowed(policies, action, object('network/vpc', 'terraform.tfstate.tflock'))).toBe(true);
  expect(isAllowed(policies, 's3:PutObject', object('network/vpc'))).toBe(false);
  expect(isAllowed(policies, 'kms:GenerateDataKey', stateKey, throughS3)).toBe(true);
  expect(isAllowed(policies, 'dynamodb:PutItem', table, item('network/vpc'))).toBe(lock === 'both');
});

test('the apply role writes the states it applies, their digests and records', () => {
  for (const name of ['network/vpc', 'storage/bucket']) {
    for (const file of ['terraform.tfstate', 'applied.json']) expect(isAllowed(apply, 's3:PutObject', object(name, file))).toBe(true);
    expect(isAllowed(apply, 'dynamodb:PutItem', table, item(name))).toBe(true);
    expect(isAllowed(apply, 'dynamodb:PutItem', table, item(name, '-md5'))).toBe(true);
  }
  expect(isAllowed(apply, 'kms:GenerateDataKey', stateKey, throughS3)).toBe(true);
});

test('the apply role neither reads nor writes the state of what an administrator applies', () => {
  expect(isAllowed(apply, 's3:GetObject', object('backend/state'))).toBe(false);
  expect(isAllowed(apply, 's3:PutObject', object('backend/state'))).toBe(false);
  expect(isAllowed(apply, 'dynamodb:CreateTable', table)).toBe(false);
});

test('a state of another environment that units read is read, and neither written nor locked', () => {
  const zone = {
    bucket: 'terraform-state-999988887777-eu-central-1',
    key: 'production/global/dns/zone/terraform.tfstate',
    region: 'eu-central-1',
    dynamodbTable: 'terraform-locks-999988887777',
    useLockfile: false,
  };
  for (const role of ['plan', 'apply'] as const) {
    const policies = rolePolicies(role, { ...needs(), foreign: [zone] });
    expect(isAllowed(policies, 's3:GetObject', `arn:aws:s3:::${zone.bucket}/${zone.key}`)).toBe(true);
    expect(isAllowed(policies, 's3:PutObject', `arn:aws:s3:::${zone.bucket}/${zone.key}`)).toBe(false);
    expect(isAllowed(policies, 'dynamodb:PutItem', table, { 'dynamodb:LeadingKeys': [`${zone.bucket}/${zone.key}`] })).toBe(false);
  }
});

test('the old place of a unit that moved is read by the plan role, and emptied by the apply role', () => {
  const moved: RoleNeeds = {
    ...needs(),
    units: [{ ...unit('network/main', ['aws_vpc']), previous: unit('network/old', []).state }],
  };
  const [reader, writer] = [rolePolicies('plan', moved), rolePolicies('apply', moved)];
  for (const file of ['terraform.tfstate', 'applied.json']) {
    expect(isAllowed(reader, 's3:GetObject', object('network/old', file))).toBe(true);
    expect(isAllowed(reader, 's3:DeleteObject', object('network/old', file))).toBe(false);
    expect(isAllowed(writer, 's3:DeleteObject', object('network/old', file))).toBe(true);
    expect(isAllowed(plan, 's3:GetObject', object('network/old', file))).toBe(false);
  }
  expect(isAllowed(reader, 'dynamodb:PutItem', table, item('network/old'))).toBe(false);
  for (const suffix of ['', '-md5']) expect(isAllowed(writer, 'dynamodb:DeleteItem', table, item('network/old', suffix))).toBe(true);
});

test('the apply role may not change itself, its policies, the way in or the boundary', () => {
  const iam = `arn:aws:iam::${account}`;
  const boundary = { 'iam:PermissionsBoundary': `${iam}:policy/ai-tools-dev-service-boundary` };
  for (const role of ['github-actions-role', 'github-actions-plan-role'])
    for (const action of [
      'iam:UpdateAssumeRolePolicy',
      'iam:PutRolePolicy',
      'iam:AttachRolePolicy',
      'iam:DeleteRole',
      'iam:PutRolePermissionsBoundary',
      'iam:PassRole',
    ])
      expect(isAllowed(apply, action, `${iam}:role/${role}`, boundary)).toBe(false);
  expect(isAllowed(apply, 'iam:CreatePolicyVersion', `${iam}:policy/ai-tools-dev-service-boundary`)).toBe(false);
  expect(isAllowed(apply, 'iam:UpdateOpenIDConnectProviderThumbprint', `${iam}:oidc-provider/token.actions.githubusercontent.com`)).toBe(
    false,
  );
  expect(isAllowed(apply, 'iam:DeleteRolePermissionsBoundary', `${iam}:role/ai-tools-dev-eu-central-1-api-task`)).toBe(false);
});

test('each denial stands on its own: an administrator policy beside it would not open it', () => {
  const everything = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['*'], Resource: ['*'] }] });
  const denied: readonly (readonly [string, string, Record<string, string[]>?])[] = [
    ['iam:UpdateAssumeRolePolicy', `arn:aws:iam::${account}:role/github-actions-role`],
    ['iam:SetDefaultPolicyVersion', `arn:aws:iam::${account}:policy/github-actions-role-part-1`],
    ['iam:DeleteOpenIDConnectProvider', `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`],
    ['s3:PutBucketPolicy', `arn:aws:s3:::${bucket}`],
    ['s3:PutBucketVersioning', `arn:aws:s3:::${bucket}`],
    ['s3:DeleteObjectVersion', object('network/vpc')],
    ['dynamodb:UpdateTable', table],
    ['dynamodb:DeleteTable', table],
    ['kms:ScheduleKeyDeletion', stateKey, { 'kms:ResourceAliases': ['alias/terraform-state'] }],
    ['kms:PutKeyPolicy', stateKey, { 'kms:ResourceAliases': ['alias/terraform-state'] }],
    ['kms:UpdateAlias', `arn:aws:kms:eu-central-1:${account}:alias/terraform-state`],
  ];
  for (const [action, resource, context] of denied) {
    expect(isAllowed([everything], action, resource, context)).toBe(true);
    expect(isAllowed([...apply, everything], action, resource, context)).toBe(false);
  }
});

test('roles are made under the boundary only, and only for services', () => {
  const role = `arn:aws:iam::${account}:role/ai-tools-dev-eu-central-1-flow-logs`;
  expect(
    isAllowed(apply, 'iam:CreateRole', role, { 'iam:PermissionsBoundary': `arn:aws:iam::${account}:policy/ai-tools-dev-service-boundary` }),
  ).toBe(true);
  expect(isAllowed(apply, 'iam:CreateRole', role)).toBe(false);
  expect(isAllowed(apply, 'iam:PassRole', role, { 'iam:PassedToService': 'vpc-flow-logs.amazonaws.com' })).toBe(true);
  expect(isAllowed(apply, 'iam:PassRole', role, { 'iam:PassedToService': 'ec2.amazonaws.com' })).toBe(false);
});

test('every type in use has its actions, and there are no others', () => {
  const applied = ['aws_vpc', 'aws_flow_log', 'aws_iam_role', 'data.aws_prefix_list', 'aws_s3_bucket'];
  const expected = new Set(grantsOf(applied).flatMap(({ actions }) => actions));
  const types = applyStatements(needs()).filter(({ Effect, Sid }) => Effect === 'Allow' && Sid.startsWith('Types'));
  expect([...new Set(types.flatMap(({ Action }) => Action))].sort()).toEqual([...expected].sort());
  for (const action of ['ec2:CreateVpc', 'ec2:CreateFlowLogs', 's3:CreateBucket']) expect(expected).toContain(action);
  for (const action of ['rds:CreateDBCluster', 'ec2:CreateSubnet']) expect(expected).not.toContain(action);
});

test('nothing is allowed on everything but what AWS cannot narrow, and no action is a wildcard', () => {
  const statements = [...applyStatements(needs()), ...planStatements(needs())];
  expect(statements.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
  const everywhere = statements.filter(({ Resource }) => Resource.includes('*')).flatMap(({ Action }) => Action);
  expect(everywhere.filter((action) => !/^(ec2:Describe|logs:(Create|Delete)LogDelivery|kms:CreateKey)/.test(action))).toEqual([]);
});

test('a type that the table does not know is an error that names it', () => {
  expect(() => grantsOf(['aws_vpc', 'aws_unheard_of', 'hcloud_server'])).toThrow(
    /E7401 no actions known for a resource type[^]*aws_unheard_of/,
  );
  expect(grantsOf(['hcloud_server', 'random_password'])).toEqual([]);
});

test('every type of the table has an action to read it', () => {
  const silent = Object.entries(accessTable)
    .filter(([, grants]) => !grants.some(({ kind }) => kind === 'read'))
    .map(([type]) => type);
  expect(silent).toEqual(['data.aws_elb_service_account']);
  for (const [type, grants] of Object.entries(accessTable))
    for (const { actions } of grants) for (const action of actions) expect(`${type} ${action}`).toMatch(/^\S+ [a-z0-9-]+:[A-Z][A-Za-z]+$/);
});

test('which commit was accepted is read by the plan role, and moved by the apply role, which cannot remove it', () => {
  const accepted = `arn:aws:s3:::${bucket}/dev/accepted.json`;
  expect(
    ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'].map((action) => [
      isAllowed(plan, action, accepted),
      isAllowed(apply, action, accepted),
    ]),
  ).toEqual([
    [true, true],
    [false, true],
    [false, false],
  ]);
});
