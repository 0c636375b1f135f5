import { expect, test } from '@jest/globals';

import { Redis, type RedisProps } from '../../../modules/aws/redis';
import { synthesized } from './synthesized';

const props: RedisProps = {
  name: 'x',
  nodeType: 'cache.t3.micro',
  nodes: 2,
  automaticFailover: true,
  multiAz: true,
  engineVersion: '7.1',
  subnetIds: ['subnet-1'],
  securityGroupId: 'sg-1',
  kmsKeyArn: 'arn:key',
  snapshotDays: 7,
  logRetentionDays: 30,
};

const redis = (change: Partial<RedisProps> = {}) => synthesized((stack) => void new Redis(stack, 'r', { ...props, ...change }));

test('a cache is encrypted at rest and in transit, and fails over as told', () => {
  const { one, ref } = redis();
  expect(one('aws_elasticache_replication_group')).toMatchObject({
    replication_group_id: 'x',
    engine: 'redis',
    engine_version: '7.1',
    num_cache_clusters: 2,
    automatic_failover_enabled: true,
    multi_az_enabled: true,
    port: 6379,
    at_rest_encryption_enabled: 'true',
    kms_key_id: 'arn:key',
    transit_encryption_enabled: true,
    transit_encryption_mode: 'required',
    security_group_ids: ['sg-1'],
    subnet_group_name: ref('aws_elasticache_subnet_group', 'name'),
    parameter_group_name: ref('aws_elasticache_parameter_group', 'name'),
    snapshot_retention_limit: 7,
  });
  expect(
    one('aws_elasticache_replication_group')['log_delivery_configuration'].map((delivery: { log_type: string; destination: string }) => [
      delivery.log_type,
      delivery.destination,
    ]),
  ).toEqual([
    ['slow-log', ref('aws_cloudwatch_log_group', 'name')],
    ['engine-log', ref('aws_cloudwatch_log_group', 'name')],
  ]);
});

test('a password and a final snapshot stand only where they are asked for', () => {
  expect(redis().one('aws_elasticache_replication_group')).not.toHaveProperty('auth_token');
  expect(
    redis({ authToken: '${random_password.t.result}', finalSnapshot: 'x-final' }).one('aws_elasticache_replication_group'),
  ).toMatchObject({
    auth_token: '${random_password.t.result}',
    auth_token_update_strategy: 'ROTATE',
    final_snapshot_identifier: 'x-final',
  });
});

test('failover with one node and zones without failover are refused before AWS does', () => {
  expect(() => redis({ nodes: 1 })).toThrow('cache x: automatic failover needs at least 2 nodes, there is 1');
  expect(() => redis({ automaticFailover: false })).toThrow('cache x: several zones need automatic failover');
});
