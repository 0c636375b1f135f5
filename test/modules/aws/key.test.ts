import { expect, test } from '@jest/globals';

import { alarmsUse, keyPolicy, logsUse } from '../../../modules/aws/key-policy';
import { CustomerKey, ReplicaKey } from '../../../modules/aws/kms-key';
import { statements, synthesized } from './synthesized';

const account = '123456789012';

test('a key rotates, keeps its aliases, and is protected where it is asked for', () => {
  const { one, list, ref } = synthesized((stack) => {
    new CustomerKey(stack, 'data', {
      description: 'data',
      aliases: ['a', 'b'],
      policy: '{}',
      deletionWindowDays: 30,
      multiRegion: true,
      preventDestroy: true,
    });
  });
  expect(one('aws_kms_key')).toMatchObject({
    enable_key_rotation: true,
    deletion_window_in_days: 30,
    multi_region: true,
    policy: '{}',
    lifecycle: { prevent_destroy: true },
  });
  expect(list('aws_kms_alias').map(({ name, target_key_id }) => [name, target_key_id])).toEqual([
    ['alias/a', ref('aws_kms_key', 'key_id')],
    ['alias/b', ref('aws_kms_key', 'key_id')],
  ]);
});

test('a key is of one region and unprotected unless told otherwise', () => {
  const key = synthesized(
    (stack) => void new CustomerKey(stack, 'data', { description: 'data', aliases: [], policy: '{}', deletionWindowDays: 7 }),
  ).one('aws_kms_key');
  expect(key['multi_region']).toBe(false);
  expect(key['lifecycle']).toBeUndefined();
});

test('a replica names its primary and has aliases of its own', () => {
  const { one, ref } = synthesized((stack) => {
    new ReplicaKey(stack, 'data', {
      description: 'data',
      aliases: ['a'],
      policy: '{}',
      deletionWindowDays: 30,
      primaryKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/mrk-1',
      preventDestroy: true,
    });
  });
  expect(one('aws_kms_replica_key')).toMatchObject({
    primary_key_arn: 'arn:aws:kms:eu-central-1:123456789012:key/mrk-1',
    lifecycle: { prevent_destroy: true },
  });
  expect(one('aws_kms_alias')['target_key_id']).toBe(ref('aws_kms_replica_key', 'key_id'));
});

test('administrators of a key cannot use it, and each user only as listed', () => {
  const policy = statements(
    keyPolicy({
      account,
      roles: [
        {
          sid: 'Tasks',
          roleArns: ['arn:aws:iam::123456789012:role/task'],
          actions: ['kms:Decrypt'],
          via: ['secretsmanager.eu-central-1.amazonaws.com'],
        },
        { sid: 'Grants', roleArns: ['arn:aws:iam::123456789012:role/apply'], actions: ['kms:CreateGrant'], grantsForServicesOnly: true },
      ],
      services: [logsUse('eu-central-1', ['arn:aws:logs:eu-central-1:123456789012:log-group:/x']), alarmsUse(account)],
    }),
  );
  const administration: readonly string[] = policy['AdministeredByAccount']?.['Action'];
  expect(administration).toContain('kms:ScheduleKeyDeletion');
  expect(administration.filter((action) => /Encrypt|Decrypt|GenerateData|CreateGrant|\*/.test(action))).toEqual([]);
  expect(policy['Tasks']).toMatchObject({
    Action: 'kms:Decrypt',
    Condition: {
      ArnEquals: { 'aws:PrincipalArn': ['arn:aws:iam::123456789012:role/task'] },
      StringEquals: { 'kms:ViaService': ['secretsmanager.eu-central-1.amazonaws.com'] },
    },
  });
  expect(policy['Grants']?.['Condition']).toEqual({
    ArnEquals: { 'aws:PrincipalArn': ['arn:aws:iam::123456789012:role/apply'] },
    Bool: { 'kms:GrantIsForAWSResource': 'true' },
  });
  expect(policy['UsedByLogs']).toMatchObject({
    Principal: { Service: 'logs.eu-central-1.amazonaws.com' },
    Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': ['arn:aws:logs:eu-central-1:123456789012:log-group:/x'] } },
  });
  expect(policy['UsedByAlarms']).toMatchObject({
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Condition: { StringEquals: { 'aws:SourceAccount': account } },
  });
});
