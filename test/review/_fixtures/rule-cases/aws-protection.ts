import { changed, made, type RuleCase } from './rule-case';

const cluster = {
  engine: 'aurora-postgresql',
  master_username: 'aitools',
  manage_master_user_password: true,
  skip_final_snapshot: false,
  final_snapshot_identifier: 'last',
};
const cache = { description: 'cache', at_rest_encryption_enabled: true };
const alarm = {
  comparison_operator: 'GreaterThanThreshold',
  evaluation_periods: 1,
  metric_name: 'CPUUtilization',
  namespace: 'AWS/ECS',
  period: 60,
  statistic: 'Average',
  threshold: 75,
};

export const awsProtectionCases: readonly RuleCase[] = [
  {
    rule: 'encryption-off',
    ...made(
      'aws_rds_cluster',
      { ...cluster, cluster_identifier: 'open-@@', storage_encrypted: false },
      { ...cluster, cluster_identifier: 'closed-@@', storage_encrypted: true },
    ),
  },
  {
    rule: 'transit-encryption-off',
    ...made(
      'aws_elasticache_replication_group',
      { ...cache, replication_group_id: 'plain-@@', transit_encryption_enabled: false },
      { ...cache, replication_group_id: 'tls-@@', transit_encryption_enabled: true },
    ),
  },
  {
    rule: 'deletion-protection-off',
    ...changed(
      'aws_rds_cluster',
      { ...cluster, cluster_identifier: 'guarded-@@', storage_encrypted: true },
      [{ deletion_protection: true }, { deletion_protection: false }],
      [{ deletion_protection: false }, { deletion_protection: true }],
    ),
  },
  {
    rule: 'backup-reduced',
    ...changed(
      'aws_rds_cluster',
      { ...cluster, cluster_identifier: 'backed-@@', storage_encrypted: true },
      [{ backup_retention_period: 30 }, { backup_retention_period: 7 }],
      [{ backup_retention_period: 7 }, { backup_retention_period: 30 }],
    ),
  },
  {
    rule: 'logging-off',
    ...changed(
      'aws_cloudwatch_log_group',
      { name: '/ecs/kept-@@' },
      [{ retention_in_days: 90 }, { retention_in_days: 30 }],
      [{ retention_in_days: 30 }, { retention_in_days: 0 }],
    ),
  },
  {
    rule: 'alarm-removed',
    ...changed(
      'aws_cloudwatch_metric_alarm',
      { ...alarm, alarm_name: 'cpu-@@' },
      [{ actions_enabled: true }, { actions_enabled: false }],
      [{ threshold: 75 }, { threshold: 80 }],
    ),
  },
  {
    rule: 'monitoring-off',
    ...changed(
      'aws_rds_cluster_instance',
      {
        cluster_identifier: '${aws_rds_cluster.support.id}',
        engine: 'aurora-postgresql',
        instance_class: 'db.t3.medium',
        identifier: 'one-@@',
      },
      [{ performance_insights_enabled: true }, { performance_insights_enabled: false }],
      [{ performance_insights_enabled: false }, { performance_insights_enabled: true }],
    ),
  },
  {
    rule: 'monitoring-off',
    ...changed(
      'aws_cloudwatch_metric_alarm',
      {
        alarm_name: 'late-@@',
        comparison_operator: 'GreaterThanThreshold',
        evaluation_periods: 1,
        metric_name: 'CPUUtilization',
        namespace: 'AWS/ECS',
        period: 60,
        statistic: 'Average',
      },
      [{ threshold: 75 }, { threshold: 99 }],
      [{ threshold: 85 }, { threshold: 75 }],
    ),
  },
  {
    rule: 'backup-reduced',
    ...changed(
      'aws_s3_bucket_lifecycle_configuration',
      { bucket: '${aws_s3_bucket.support.id}' },
      [
        { rule: [{ id: 'ages', status: 'Enabled', filter: [{ prefix: '' }], expiration: [{ days: 2555 }] }] },
        { rule: [{ id: 'ages', status: 'Enabled', filter: [{ prefix: '' }], expiration: [{ days: 1 }] }] },
      ],
      [
        { rule: [{ id: 'ages', status: 'Enabled', filter: [{ prefix: '' }], expiration: [{ days: 30 }] }] },
        { rule: [{ id: 'ages', status: 'Enabled', filter: [{ prefix: '' }], expiration: [{ days: 365 }] }] },
      ],
    ),
  },
  {
    rule: 'key-rotation-off',
    ...changed(
      'aws_kms_key',
      { description: 'rotates' },
      [{ enable_key_rotation: true }, { enable_key_rotation: false }],
      [{ enable_key_rotation: false }, { enable_key_rotation: true }],
    ),
  },
  {
    rule: 'redundancy-reduced',
    ...changed(
      'aws_elasticache_replication_group',
      { ...cache, replication_group_id: 'nodes-@@', transit_encryption_enabled: true },
      [{ num_cache_clusters: 3 }, { num_cache_clusters: 1 }],
      [{ num_cache_clusters: 2 }, { num_cache_clusters: 3 }],
    ),
  },
  {
    rule: 'image-not-pinned',
    ...made(
      'aws_ecs_task_definition',
      { family: 'api-@@', container_definitions: JSON.stringify([{ name: 'api', image: 'nginx:latest', essential: true }]) },
      { family: 'worker-@@', container_definitions: JSON.stringify([{ name: 'worker', image: 'nginx:1.29.3', essential: true }]) },
    ),
  },
  {
    rule: 'cost-driver-added',
    ...made(
      'aws_nat_gateway',
      { subnet_id: '${aws_subnet.support.id}', allocation_id: '${aws_eip.support.id}' },
      { subnet_id: '${aws_subnet.support.id}', allocation_id: '${aws_eip.support.id}' },
    ),
  },
  {
    rule: 'cost-size-changed',
    ...changed(
      'aws_rds_cluster_instance',
      { cluster_identifier: '${aws_rds_cluster.support.id}', engine: 'aurora-postgresql', identifier: 'sized-@@' },
      [{ instance_class: 'db.t3.medium' }, { instance_class: 'db.r6g.large' }],
      [{ instance_class: 'db.t3.medium' }, { instance_class: 'db.t3.medium', tags: { Owner: 'team' } }],
    ),
  },
  {
    rule: 'cost-commitment',
    ...made(
      'aws_rds_reserved_instance',
      { offering_id: '438012d3-4052-4cc7-b2e3-8d3372e0e706', instance_count: 1 },
      { offering_id: '438012d3-4052-4cc7-b2e3-8d3372e0e706', instance_count: 1 },
    ),
  },
].map((one): RuleCase => {
  // The harmless counterpart of a cost is a gateway endpoint, which is free.
  if (one.rule === 'cost-driver-added' || one.rule === 'cost-commitment')
    return {
      ...one,
      silent: {
        type: 'aws_vpc_endpoint',
        after: { vpc_id: '${aws_vpc.support.id}', service_name: 'com.amazonaws.eu-central-1.s3', vpc_endpoint_type: 'Gateway' },
      },
    };
  return one;
});
