import { expect, test } from '@jest/globals';

import { AuroraCluster, type AuroraClusterProps } from '../../../modules/aws/aurora-cluster';
import { AuroraGlobal } from '../../../modules/aws/aurora-global';
import { BackupPlan } from '../../../modules/aws/backup-plan';
import { ReservedCache, ReservedDatabase } from '../../../modules/aws/reserved-capacity';
import { statements, synthesized } from './synthesized';

const props: AuroraClusterProps = {
  name: 'x',
  account: '123456789012',
  region: 'eu-central-1',
  role: { kind: 'primary', databaseName: 'app', username: 'app_admin', password: '${random_password.p.result}' },
  engineVersion: '15.4',
  instanceClass: 'db.r6g.large',
  instances: 3,
  zones: ['eu-central-1a', 'eu-central-1b'],
  subnetIds: ['subnet-1'],
  securityGroupId: 'sg-1',
  kmsKeyArn: 'arn:key',
  backupRetentionDays: 14,
  backupWindow: '03:00-04:00',
  maintenanceWindow: 'sun:04:00-sun:05:00',
  deletionProtection: true,
  monitoringSeconds: 60,
  monitoringRoleName: 'x-monitoring',
  logRetentionDays: 30,
};

const aurora = (change: Partial<AuroraClusterProps> = {}) =>
  synthesized((stack) => void new AuroraCluster(stack, 'a', { ...props, ...change }));

test('a cluster is encrypted, backed up, demands TLS and logs to a group that exists before it', () => {
  const { one, ref, all } = aurora();
  expect(one('aws_rds_cluster')).toMatchObject({
    engine: 'aurora-postgresql',
    engine_version: '15.4',
    database_name: 'app',
    master_username: 'app_admin',
    master_password: '${random_password.p.result}',
    port: 5432,
    storage_encrypted: true,
    kms_key_id: 'arn:key',
    backup_retention_period: 14,
    preferred_backup_window: '03:00-04:00',
    preferred_maintenance_window: 'sun:04:00-sun:05:00',
    copy_tags_to_snapshot: true,
    deletion_protection: true,
    iam_database_authentication_enabled: true,
    vpc_security_group_ids: ['sg-1'],
    db_subnet_group_name: ref('aws_db_subnet_group', 'name'),
    db_cluster_parameter_group_name: ref('aws_rds_cluster_parameter_group', 'name'),
    enabled_cloudwatch_logs_exports: ['postgresql'],
    depends_on: [`aws_cloudwatch_log_group.${Object.keys(all('aws_cloudwatch_log_group'))[0]}`],
  });
  expect(one('aws_rds_cluster_parameter_group')).toMatchObject({
    family: 'aurora-postgresql15',
    parameter: expect.arrayContaining([{ name: 'rds.force_ssl', value: '1' }]),
  });
  expect(one('aws_cloudwatch_log_group')).toMatchObject({
    name: '/aws/rds/cluster/x/postgresql',
    kms_key_id: 'arn:key',
    retention_in_days: 30,
  });
});

test('instances lie in the zones in turn, are never public, and the first takes over first', () => {
  const { list, ref } = aurora();
  expect(
    list('aws_rds_cluster_instance').map(({ identifier, availability_zone, promotion_tier, publicly_accessible, cluster_identifier }) => [
      identifier,
      availability_zone,
      promotion_tier,
      publicly_accessible,
      cluster_identifier,
    ]),
  ).toEqual([
    ['x-1', 'eu-central-1a', 0, false, ref('aws_rds_cluster', 'id')],
    ['x-2', 'eu-central-1b', 1, false, ref('aws_rds_cluster', 'id')],
    ['x-3', 'eu-central-1a', 2, false, ref('aws_rds_cluster', 'id')],
  ]);
});

test('a final snapshot, Performance Insights, reader scaling and protection stand only where they are asked for', () => {
  const plain = aurora();
  expect(plain.one('aws_rds_cluster')).toMatchObject({ skip_final_snapshot: true, lifecycle: { ignore_changes: ['master_password'] } });
  expect(plain.list('aws_rds_cluster_instance')[0]).toMatchObject({ performance_insights_enabled: false });
  expect(plain.list('aws_appautoscaling_target')).toEqual([]);
  const full = aurora({
    finalSnapshot: 'x-final',
    performanceInsightsDays: 731,
    readerScaling: { minReaders: 1, maxReaders: 4, cpuTarget: 70 },
    preventDestroy: true,
  });
  expect(full.one('aws_rds_cluster')).toMatchObject({
    skip_final_snapshot: false,
    final_snapshot_identifier: 'x-final',
    lifecycle: { prevent_destroy: true },
  });
  expect(full.list('aws_rds_cluster_instance')[0]).toMatchObject({
    performance_insights_enabled: true,
    performance_insights_kms_key_id: 'arn:key',
    performance_insights_retention_period: 731,
  });
  expect(full.one('aws_appautoscaling_target')).toMatchObject({
    min_capacity: 1,
    max_capacity: 4,
    scalable_dimension: 'rds:cluster:ReadReplicaCount',
  });
});

test('a secondary joins its global database without user, password or database of its own', () => {
  const secondary = aurora({ role: { kind: 'secondary', globalClusterId: 'world', sourceRegion: 'eu-central-1' }, instances: 1 }).one(
    'aws_rds_cluster',
  );
  expect(secondary).toMatchObject({
    global_cluster_identifier: 'world',
    source_region: 'eu-central-1',
    lifecycle: { ignore_changes: ['replication_source_identifier'] },
  });
  for (const field of ['master_username', 'master_password', 'database_name']) expect(secondary).not.toHaveProperty(field);
});

test('a primary joins the global database it is given, which is encrypted and protected', () => {
  const { one, ref } = synthesized((stack) => {
    const world = new AuroraGlobal(stack, 'g', {
      name: 'world',
      engineVersion: '15.4',
      databaseName: 'app',
      deletionProtection: true,
      preventDestroy: true,
    });
    new AuroraCluster(stack, 'a', {
      ...props,
      role: { kind: 'primary', databaseName: 'app', username: 'app_admin', password: '${x}', globalClusterId: world.globalClusterId },
    });
  });
  expect(one('aws_rds_global_cluster')).toMatchObject({
    global_cluster_identifier: 'world',
    storage_encrypted: true,
    deletion_protection: true,
    lifecycle: { prevent_destroy: true },
  });
  expect(one('aws_rds_cluster')['global_cluster_identifier']).toBe(ref('aws_rds_global_cluster', 'id'));
});

test('Enhanced Monitoring writes to its own log group alone', () => {
  const { one, list, ref } = aurora();
  expect(list('aws_rds_cluster_instance')[0]).toMatchObject({ monitoring_interval: 60, monitoring_role_arn: ref('aws_iam_role', 'arn') });
  expect(statements(one('aws_iam_role_policy')['policy'])['WriteMetrics']?.['Resource']).toBe(
    'arn:aws:logs:eu-central-1:123456789012:log-group:RDSOSMetrics:log-stream:*',
  );
});

test('reservations buy a year without upfront payment of the given size', () => {
  const { one, data } = synthesized((stack) => {
    new ReservedDatabase(stack, 'd', { name: 'x-database', size: 'db.r6g.xlarge', count: 3 });
    new ReservedCache(stack, 'c', { name: 'x-cache', size: 'cache.r6g.xlarge', count: 3 });
  });
  expect(data('aws_rds_reserved_instance_offering')).toMatchObject({
    db_instance_class: 'db.r6g.xlarge',
    duration: 31_536_000,
    offering_type: 'No Upfront',
    product_description: 'aurora-postgresql',
  });
  expect(one('aws_rds_reserved_instance')).toMatchObject({ instance_count: 3, reservation_id: 'x-database' });
  expect(data('aws_elasticache_reserved_cache_node_offering')).toMatchObject({ cache_node_type: 'cache.r6g.xlarge', duration: 'P1Y' });
  expect(one('aws_elasticache_reserved_cache_node')).toMatchObject({ cache_node_count: 3 });
});

test('a backup plan keeps daily snapshots of the named clusters in an encrypted vault of its own', () => {
  const { one, ref } = synthesized((stack) => {
    new BackupPlan(stack, 'b', {
      name: 'x-database',
      account: '123456789012',
      region: 'eu-central-1',
      roleName: 'x-backup',
      kmsKeyArn: 'arn:key',
      clusterArns: ['arn:cluster'],
      schedule: 'cron(0 6 * * ? *)',
      keepDays: 30,
    });
  });
  expect(one('aws_backup_vault')).toMatchObject({ name: 'x-database', kms_key_arn: 'arn:key', force_destroy: false });
  expect(one('aws_backup_plan')['rule']).toMatchObject([
    { target_vault_name: ref('aws_backup_vault', 'name'), schedule: 'cron(0 6 * * ? *)', lifecycle: { delete_after: 30 } },
  ]);
  expect(one('aws_backup_selection')).toMatchObject({
    plan_id: ref('aws_backup_plan', 'id'),
    iam_role_arn: ref('aws_iam_role', 'arn'),
    resources: ['arn:cluster'],
  });
  expect(statements(one('aws_iam_role_policy')['policy'])['MakeSnapshots']?.['Resource']).toEqual([
    'arn:cluster',
    'arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:awsbackup:*',
  ]);
});
