import { expect, test } from '@jest/globals';

import { Bucket, type BucketProps } from '../../../modules/aws/bucket';
import { BucketReplication } from '../../../modules/aws/bucket-replication';
import { statements, synthesized } from './synthesized';

const bucket = (props: Partial<BucketProps> = {}) =>
  synthesized((stack) => void new Bucket(stack, 'b', { name: 'data', ages: { noncurrentDays: 30 }, ...props }));

test('a bucket is private, versioned, without ACLs and refuses requests without TLS', () => {
  const { one, ref } = bucket();
  const arn = ref('aws_s3_bucket', 'arn');
  expect(one('aws_s3_bucket_public_access_block')).toMatchObject({
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
  expect(one('aws_s3_bucket_versioning')['versioning_configuration']).toEqual({ status: 'Enabled' });
  expect(one('aws_s3_bucket_ownership_controls')['rule']).toEqual({ object_ownership: 'BucketOwnerEnforced' });
  expect(statements(one('aws_s3_bucket_policy')['policy'])['RefuseWithoutTls']).toEqual({
    Sid: 'RefuseWithoutTls',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
  expect(one('aws_s3_bucket')['force_destroy']).toBe(false);
});

test('a bucket with a key is encrypted with it, one without by S3', () => {
  const rule = (props: Partial<BucketProps>) => bucket(props).one('aws_s3_bucket_server_side_encryption_configuration')['rule'];
  expect(rule({ kmsKeyArn: 'arn:key' })).toEqual([
    { apply_server_side_encryption_by_default: { sse_algorithm: 'aws:kms', kms_master_key_id: 'arn:key' }, bucket_key_enabled: true },
  ]);
  expect(rule({})).toEqual([{ apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } }]);
});

test('objects move and end at their ages; what has no age stays', () => {
  const rule = (ages: BucketProps['ages']) => bucket({ ages }).one('aws_s3_bucket_lifecycle_configuration')['rule'][0];
  expect(rule({ infrequentAccessDays: 90, glacierDays: 180, expireDays: 2555, noncurrentDays: 30 })).toMatchObject({
    transition: [
      { days: 90, storage_class: 'STANDARD_IA' },
      { days: 180, storage_class: 'GLACIER' },
    ],
    expiration: [{ days: 2555 }],
    noncurrent_version_expiration: [{ noncurrent_days: 30 }],
    abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
  });
  const kept = rule({ noncurrentDays: 1 });
  expect(kept).not.toHaveProperty('expiration');
  expect(kept).not.toHaveProperty('transition');
});

test('object lock, access logs, protection and further statements stand only where they are asked for', () => {
  const plain = bucket();
  expect(plain.list('aws_s3_bucket_object_lock_configuration')).toEqual([]);
  expect(plain.list('aws_s3_bucket_logging')).toEqual([]);
  expect(plain.one('aws_s3_bucket')).not.toHaveProperty('lifecycle');
  const full = bucket({
    objectLock: { mode: 'GOVERNANCE', days: 30 },
    accessLogs: { bucket: 'logs', prefix: 'data/' },
    preventDestroy: true,
    statements: (arn) => [
      { sid: 'More', actions: ['s3:PutObject'], resources: [`${arn}/x`], principals: { services: ['a.amazonaws.com'] } },
    ],
  });
  expect(full.one('aws_s3_bucket')).toMatchObject({ object_lock_enabled: true, lifecycle: { prevent_destroy: true } });
  expect(full.one('aws_s3_bucket_object_lock_configuration')['rule']).toEqual({ default_retention: { mode: 'GOVERNANCE', days: 30 } });
  expect(full.one('aws_s3_bucket_logging')).toMatchObject({ target_bucket: 'logs', target_prefix: 'data/' });
  expect(Object.keys(statements(full.one('aws_s3_bucket_policy')['policy']))).toEqual(['RefuseWithoutTls', 'More']);
});

test('replication copies one prefix within 15 minutes, re-encrypted, by a role that reads here and writes there', () => {
  const { one, ref } = synthesized((stack) => {
    const source = new Bucket(stack, 'b', { name: 'data', ages: { noncurrentDays: 30 } });
    new BucketReplication(stack, 'r', {
      source,
      sourceKeyArn: 'arn:here',
      sourceRegion: 'eu-central-1',
      targetBucketArn: 'arn:aws:s3:::copy',
      targetKeyArn: 'arn:there',
      targetRegion: 'ap-southeast-1',
      roleName: 'r',
      prefix: 'critical/',
      storageClass: 'STANDARD_IA',
    });
  });
  expect(one('aws_s3_bucket_replication_configuration')).toMatchObject({
    bucket: ref('aws_s3_bucket', 'bucket'),
    role: ref('aws_iam_role', 'arn'),
    rule: [
      {
        filter: { prefix: 'critical/' },
        delete_marker_replication: { status: 'Disabled' },
        source_selection_criteria: { sse_kms_encrypted_objects: { status: 'Enabled' } },
        destination: {
          bucket: 'arn:aws:s3:::copy',
          storage_class: 'STANDARD_IA',
          encryption_configuration: { replica_kms_key_id: 'arn:there' },
          replication_time: { status: 'Enabled', time: { minutes: 15 } },
          metrics: { status: 'Enabled', event_threshold: { minutes: 15 } },
        },
      },
    ],
  });
  const policy = statements(one('aws_iam_role_policy')['policy']);
  expect(policy['WriteReplicas']?.['Resource']).toBe('arn:aws:s3:::copy/critical/*');
  expect(policy['DecryptSource']).toMatchObject({
    Resource: 'arn:here',
    Condition: { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } },
  });
  expect(policy['EncryptReplicas']).toMatchObject({
    Resource: 'arn:there',
    Condition: { StringEquals: { 'kms:ViaService': 's3.ap-southeast-1.amazonaws.com' } },
  });
});
