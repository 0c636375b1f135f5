import { changed, gone, made, type RuleCase } from './rule-case';

const tags = { tags: { Owner: 'team' } };
const assume = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

export const awsStatefulCases: readonly RuleCase[] = [
  {
    rule: 'state-store-destroyed',
    fires: {
      type: 'aws_dynamodb_table',
      before: {
        name: 'terraform-locks-123456789012',
        hash_key: 'LockID',
        billing_mode: 'PAY_PER_REQUEST',
        attribute: [{ name: 'LockID', type: 'S' }],
      },
    },
    silent: {
      type: 'aws_dynamodb_table',
      before: { name: 'sessions-@@', hash_key: 'id', billing_mode: 'PAY_PER_REQUEST', attribute: [{ name: 'id', type: 'S' }] },
    },
  },
  {
    rule: 'state-protection-weakened',
    ...changed(
      'aws_s3_bucket_versioning',
      {},
      [
        { bucket: '${aws_s3_bucket.state.bucket}', versioning_configuration: { status: 'Enabled' } },
        { bucket: '${aws_s3_bucket.state.bucket}', versioning_configuration: { status: 'Suspended' } },
      ],
      [
        { bucket: '${aws_s3_bucket.support.bucket}', versioning_configuration: { status: 'Enabled' } },
        { bucket: '${aws_s3_bucket.support.bucket}', versioning_configuration: { status: 'Suspended' } },
      ],
    ),
  },
  {
    rule: 'database-destroyed',
    ...gone(
      'aws_rds_cluster',
      {
        cluster_identifier: 'ai-tools-@@',
        engine: 'aurora-postgresql',
        master_username: 'aitools',
        manage_master_user_password: true,
        skip_final_snapshot: true,
        storage_encrypted: true,
      },
      tags,
    ),
  },
  {
    rule: 'cache-destroyed',
    ...gone(
      'aws_elasticache_replication_group',
      { replication_group_id: 'ai-@@', description: 'cache', at_rest_encryption_enabled: true, transit_encryption_enabled: true },
      tags,
    ),
  },
  { rule: 'bucket-destroyed', ...gone('aws_s3_bucket', { bucket: 'ai-tools-artifacts-dev-@@' }, tags) },
  { rule: 'volume-destroyed', ...gone('aws_ebs_volume', { availability_zone: 'eu-central-1a', size: 20, encrypted: true }, tags) },
  { rule: 'key-destroyed', ...gone('aws_kms_key', { description: 'data', enable_key_rotation: true }, { description: 'data of all' }) },
  { rule: 'secret-destroyed', ...gone('aws_secretsmanager_secret', { name: 'ai-tools-dev-api-key-@@' }, { description: 'API key' }) },
  {
    rule: 'log-store-destroyed',
    ...gone('aws_cloudwatch_log_group', { name: '/ecs/ai-tools-api-@@', retention_in_days: 30 }, { retention_in_days: 90 }),
  },
  { rule: 'zone-destroyed', ...gone('aws_route53_zone', { name: '@@.example.org' }, { comment: 'main' }) },
  { rule: 'network-destroyed', ...gone('aws_subnet', { vpc_id: '${aws_vpc.support.id}', cidr_block: '10.0.@#.0/24' }, tags) },
  { rule: 'address-released', ...gone('aws_eip', { domain: 'vpc' }, tags) },
  { rule: 'server-destroyed', ...gone('aws_instance', { ami: 'ami-0123456789abcdef0', instance_type: 't3.micro' }, tags) },
  { rule: 'cluster-destroyed', ...gone('aws_ecs_cluster', { name: 'ai-tools-dev-@@' }, tags) },
  { rule: 'registry-destroyed', ...gone('aws_ecr_repository', { name: 'api-@@' }, tags) },
  { rule: 'identity-destroyed', ...gone('aws_iam_role', { name: 'task-@@', assume_role_policy: assume }, { description: 'of the tasks' }) },
  { rule: 'certificate-destroyed', ...gone('aws_acm_certificate', { domain_name: '@@.example.org', validation_method: 'DNS' }, tags) },
  {
    rule: 'service-replaced',
    fires: {
      type: 'aws_lb_target_group',
      before: { name: 'api-@@', port: 8080, protocol: 'HTTP', vpc_id: '${aws_vpc.support.id}' },
      after: { name: 'api-@@', port: 8080, protocol: 'HTTP', vpc_id: '${aws_vpc.support.id}' },
      replace: true,
    },
    silent: { type: 'aws_lb_target_group', before: { name: 'worker-@@', port: 8081, protocol: 'HTTP', vpc_id: '${aws_vpc.support.id}' } },
  },
  {
    rule: 'secret-value-changed',
    ...changed(
      'aws_secretsmanager_secret_version',
      { secret_id: '${aws_secretsmanager_secret.support.id}' },
      [{ secret_string: '${var.first}' }, { secret_string: '${var.second}' }],
      [
        { secret_string: '${var.first}', version_stages: ['AWSCURRENT'] },
        { secret_string: '${var.first}', version_stages: ['AWSCURRENT', 'NEXT'] },
      ],
    ),
  },
  {
    rule: 'secret-rotation-changed',
    ...changed(
      'aws_secretsmanager_secret_rotation',
      {
        secret_id: '${aws_secretsmanager_secret.support.id}',
        rotation_lambda_arn: 'arn:aws:lambda:eu-central-1:123456789012:function:rotate',
      },
      [{ rotation_rules: { automatically_after_days: 30 } }, { rotation_rules: { automatically_after_days: 90 } }],
      [
        { rotation_rules: { automatically_after_days: 30, duration: '2h' } },
        { rotation_rules: { automatically_after_days: 30, duration: '3h' } },
      ],
    ),
  },
  {
    rule: 'secret-recovery-shortened',
    ...changed(
      'aws_secretsmanager_secret',
      { name: 'window-@@' },
      [{ recovery_window_in_days: 30 }, { recovery_window_in_days: 7 }],
      [{ recovery_window_in_days: 7 }, { recovery_window_in_days: 30 }],
    ),
  },
  {
    rule: 'secret-in-clear',
    ...made(
      'aws_secretsmanager_secret_version',
      { secret_id: '${aws_secretsmanager_secret.support.id}', secret_string: 'correct horse battery' },
      { secret_id: '${aws_secretsmanager_secret.support.id}', secret_string: '${var.second}' },
    ),
  },
  {
    rule: 'engine-version-changed',
    ...changed(
      'aws_rds_cluster',
      {
        cluster_identifier: 'engine-@@',
        engine: 'aurora-postgresql',
        master_username: 'aitools',
        manage_master_user_password: true,
        skip_final_snapshot: false,
        final_snapshot_identifier: 'last',
        storage_encrypted: true,
      },
      [{ engine_version: '15.4' }, { engine_version: '16.1' }],
      [{ engine_version: '15.4' }, { engine_version: '15.4', ...tags }],
    ),
  },
];
