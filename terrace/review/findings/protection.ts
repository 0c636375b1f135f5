import type { ResourceChange } from '../plan/plan-model';
import { isUnknown, type Sealed } from '../plan/sealed';

import type { Severity } from './finding';
import { isWritten, look, word } from './look';
import type { ChangeRule, Observation } from './rule';

/** An attribute that protects while it has a value. */
interface Guard {
  readonly types: readonly string[] | RegExp;
  readonly path: string;
  /** True for a protecting value. @default `true`, `"true"` and `"on"` */
  readonly safe?: (value: Sealed | undefined) => boolean;
  /** True where a resource that is created without it is a finding too. @default only an explicit false is */
  readonly needed?: boolean;
}

/** A number that protects by being large. */
interface Amount {
  readonly types: readonly string[];
  readonly path: string;
  /** A value that stands for "for ever". */
  readonly endless?: number;
}

const isOn = (value: Sealed | undefined): boolean =>
  value === true || value === 'true' || value === 'on' || value === 'ENABLED' || value === 'Enabled' || value === 'enabled';
const isOff = (value: Sealed | undefined): boolean =>
  value === false || value === 'false' || value === 'off' || value === 'DISABLED' || value === 'Disabled' || value === 'disabled';
const isSet = (value: Sealed | undefined): boolean => value !== undefined;

function applies(types: Guard['types'], type: string): boolean {
  return types instanceof RegExp ? types.test(type) : types.includes(type);
}

function* switchedOff(change: ResourceChange, guards: readonly Guard[]): Generator<Observation> {
  if (!isWritten(change)) return;
  for (const guard of guards) {
    if (!applies(guard.types, change.type)) continue;
    const safe = guard.safe ?? isOn;
    const [before, after] = [look(change.before, guard.path), look(change.after, guard.path)];
    if (safe(after) || isUnknown(after)) continue;
    if (change.before === null ? guard.needed === true || isOff(after) : safe(before) || isUnknown(before)) {
      yield {
        reason:
          change.before === null ? `${guard.path} is ${word(after)} from the start` : `${guard.path}: ${word(before)} → ${word(after)}`,
        attribute: guard.path,
      };
    }
  }
}

function* lowered(change: ResourceChange, amounts: readonly Amount[]): Generator<Observation> {
  if (change.action !== 'update' && change.action !== 'replace') return;
  for (const amount of amounts) {
    if (!amount.types.includes(change.type)) continue;
    const [before, after] = [look(change.before, amount.path), look(change.after, amount.path)].map((value) =>
      value === amount.endless && value !== undefined ? Number.POSITIVE_INFINITY : value,
    );
    if (typeof before === 'number' && typeof after === 'number' && after < before)
      yield { reason: `${amount.path}: ${before === Number.POSITIVE_INFINITY ? 'for ever' : before} → ${after}`, attribute: amount.path };
  }
}

function guardRule(
  id: string,
  title: string,
  severity: Severity,
  explain: string,
  guards: readonly Guard[],
  amounts: readonly Amount[] = [],
  gone: readonly string[] = [],
): ChangeRule {
  return {
    scope: 'change',
    id,
    title,
    severity,
    explain,
    *check(change) {
      if (change.action === 'delete' && gone.includes(change.type)) yield { reason: `${change.address} is removed` };
      yield* switchedOff(change, guards);
      yield* lowered(change, amounts);
    },
  };
}

const databases = ['aws_rds_cluster', 'aws_db_instance', 'aws_rds_global_cluster'];

export const protectionRules: readonly ChangeRule[] = [
  guardRule(
    'encryption-off',
    'Encryption at rest is off or weaker',
    'high',
    'Disks, snapshots and copies are then readable for whoever gets hold of them. Most services cannot add it later without a new resource.',
    [
      { types: databases, path: 'storage_encrypted', needed: true },
      { types: ['aws_elasticache_replication_group'], path: 'at_rest_encryption_enabled', needed: true },
      { types: ['aws_ebs_volume', 'aws_efs_file_system'], path: 'encrypted', needed: true },
      { types: ['aws_dynamodb_table'], path: 'server_side_encryption.enabled' },
      {
        types: ['aws_s3_bucket_server_side_encryption_configuration'],
        path: 'rule.apply_server_side_encryption_by_default.sse_algorithm',
        safe: (value) => value === 'aws:kms' || value === 'aws:kms:dsse',
      },
      {
        types: ['aws_cloudwatch_log_group', 'aws_sns_topic', 'aws_secretsmanager_secret', 'aws_ecr_repository', 'aws_kinesis_stream'],
        path: 'kms_key_id',
        safe: isSet,
      },
      { types: ['aws_sns_topic', 'aws_sqs_queue'], path: 'kms_master_key_id', safe: isSet },
      { types: ['azurerm_linux_virtual_machine', 'azurerm_windows_virtual_machine'], path: 'encryption_at_host_enabled' },
      { types: ['azurerm_storage_account'], path: 'infrastructure_encryption_enabled' },
    ],
    [],
    ['aws_s3_bucket_server_side_encryption_configuration', 'aws_ebs_encryption_by_default', 'aws_xray_encryption_config'],
  ),
  guardRule(
    'transit-encryption-off',
    'Encryption on the wire is off',
    'high',
    'Passwords and data pass readable. Clients that cannot speak TLS are the ones to change.',
    [
      { types: ['aws_elasticache_replication_group'], path: 'transit_encryption_enabled', needed: true },
      { types: ['upstash_redis_database'], path: 'tls' },
      { types: ['azurerm_storage_account'], path: 'https_traffic_only_enabled' },
      { types: ['azurerm_redis_cache'], path: 'non_ssl_port_enabled', safe: (value) => value !== true },
      { types: ['supabase_settings'], path: 'ssl_enforcement.database' },
      { types: ['aws_efs_mount_target'], path: 'transit_encryption' },
    ],
  ),
  guardRule(
    'deletion-protection-off',
    'Protection from deletion is off',
    'high',
    'The next plan that wants to delete it will succeed. It is normally lifted in a change of its own, right before the deletion.',
    [
      { types: /./, path: 'deletion_protection' },
      { types: /./, path: 'delete_protection' },
      { types: ['hcloud_server'], path: 'rebuild_protection' },
      { types: ['aws_lb'], path: 'enable_deletion_protection' },
      { types: ['aws_dynamodb_table'], path: 'deletion_protection_enabled' },
      { types: ['azurerm_key_vault'], path: 'purge_protection_enabled' },
      { types: ['aws_s3_bucket'], path: 'force_destroy', safe: (value) => value !== true },
      { types: ['aws_s3_bucket_object_lock_configuration'], path: 'rule.default_retention.mode', safe: isSet },
      { types: databases, path: 'skip_final_snapshot', safe: (value) => value !== true },
    ],
    [],
    ['azurerm_management_lock', 'aws_s3_bucket_object_lock_configuration', 'kubernetes_pod_disruption_budget_v1'],
  ),
  guardRule(
    'backup-reduced',
    'Backups or versions are reduced',
    'high',
    'What is lost tomorrow can be brought back only as far as backups reach. Compare with the promised recovery point.',
    [
      { types: ['hcloud_server'], path: 'backups' },
      { types: ['aws_s3_bucket_versioning'], path: 'versioning_configuration.status' },
      { types: ['aws_dynamodb_table'], path: 'point_in_time_recovery.enabled' },
      { types: ['azurerm_storage_account'], path: 'blob_properties.versioning_enabled' },
      { types: ['upstash_redis_database'], path: 'prod_pack' },
    ],
    [
      { types: databases, path: 'backup_retention_period' },
      { types: ['aws_elasticache_replication_group', 'aws_elasticache_cluster'], path: 'snapshot_retention_limit' },
      { types: ['azurerm_storage_account'], path: 'blob_properties.delete_retention_policy.days' },
      { types: ['azurerm_postgresql_flexible_server'], path: 'backup_retention_days' },
      { types: ['azurerm_backup_policy_vm'], path: 'retention_daily.count' },
      { types: ['aws_s3_bucket_lifecycle_configuration'], path: 'rule.noncurrent_version_expiration.noncurrent_days' },
    ],
    [
      'aws_backup_plan',
      'aws_backup_selection',
      'aws_s3_bucket_replication_configuration',
      'aws_s3_bucket_versioning',
      'hcloud_snapshot',
      'azurerm_backup_protected_vm',
      'azurerm_backup_policy_vm',
      'kubernetes_cron_job_v1',
    ],
  ),
  guardRule(
    'logging-off',
    'Logging is off or kept shorter',
    'high',
    'Without the record nobody can tell later who did what. Check how long it must be kept.',
    [
      { types: ['aws_lb'], path: 'access_logs.enabled' },
      { types: ['aws_cloudtrail'], path: 'enable_logging' },
      { types: ['aws_wafv2_web_acl'], path: 'visibility_config.sampled_requests_enabled' },
      { types: ['aws_rds_cluster', 'aws_db_instance'], path: 'enabled_cloudwatch_logs_exports', safe: isSet },
    ],
    [
      { types: ['aws_cloudwatch_log_group'], path: 'retention_in_days', endless: 0 },
      { types: ['azurerm_log_analytics_workspace'], path: 'retention_in_days' },
    ],
    [
      'aws_flow_log',
      'aws_cloudtrail',
      'aws_s3_bucket_logging',
      'aws_wafv2_web_acl_logging_configuration',
      'azurerm_monitor_diagnostic_setting',
      'cloudflare_logpush_job',
      'aws_route53_query_log',
    ],
  ),
  guardRule(
    'alarm-removed',
    'An alarm is removed or silenced',
    'high',
    'The next failure is then reported by users. Check that another alarm covers the same.',
    [
      { types: ['aws_cloudwatch_metric_alarm', 'aws_cloudwatch_composite_alarm'], path: 'actions_enabled' },
      { types: ['aws_cloudwatch_metric_alarm', 'aws_cloudwatch_composite_alarm'], path: 'alarm_actions', safe: isSet },
      { types: ['betteruptime_monitor'], path: 'paused', safe: (value) => value !== true },
      { types: ['azurerm_monitor_metric_alert', 'sentry_alert', 'sentry_metric_monitor'], path: 'enabled' },
    ],
    [],
    [
      'aws_cloudwatch_metric_alarm',
      'aws_cloudwatch_composite_alarm',
      'aws_sns_topic_subscription',
      'betteruptime_monitor',
      'betteruptime_heartbeat',
      'sentry_alert',
      'sentry_metric_monitor',
      'pagerduty_service',
      'azurerm_monitor_metric_alert',
      'aws_cloudwatch_log_metric_filter',
    ],
  ),
  guardRule(
    'monitoring-off',
    'Monitoring is reduced',
    'medium',
    'Problems take longer to find. Check which dashboards and alarms read it.',
    [
      { types: ['aws_rds_cluster_instance', 'aws_db_instance'], path: 'performance_insights_enabled' },
      { types: ['aws_ecs_cluster'], path: 'setting.value' },
      { types: ['aws_xray_group'], path: 'insights_configuration.insights_enabled' },
      { types: ['aws_wafv2_web_acl'], path: 'visibility_config.cloudwatch_metrics_enabled' },
      { types: ['aws_ecr_repository'], path: 'image_scanning_configuration.scan_on_push' },
    ],
  ),
  guardRule(
    'key-rotation-off',
    'Key rotation is off',
    'high',
    'One leaked key then stays good for everything, for ever.',
    [{ types: ['aws_kms_key'], path: 'enable_key_rotation' }],
    [{ types: ['aws_kms_key'], path: 'deletion_window_in_days' }],
    ['aws_secretsmanager_secret_rotation'],
  ),
  guardRule(
    'redundancy-reduced',
    'There are fewer of them, or in one zone only',
    'medium',
    'The failure of one machine or zone is then an outage. Check the promised availability.',
    [
      { types: ['aws_elasticache_replication_group'], path: 'automatic_failover_enabled' },
      { types: ['aws_elasticache_replication_group'], path: 'multi_az_enabled' },
      { types: ['aws_db_instance'], path: 'multi_az' },
      { types: ['aws_ecs_service'], path: 'deployment_circuit_breaker.rollback' },
    ],
    [
      { types: ['aws_elasticache_replication_group'], path: 'num_cache_clusters' },
      { types: ['aws_ecs_service'], path: 'desired_count' },
      { types: ['aws_appautoscaling_target'], path: 'min_capacity' },
      { types: ['kubernetes_deployment_v1', 'kubernetes_stateful_set_v1'], path: 'spec.replicas' },
      { types: ['google_container_node_pool'], path: 'node_count' },
    ],
    ['aws_rds_cluster_instance', 'aws_rds_global_cluster', 'aws_appautoscaling_target', 'kubernetes_horizontal_pod_autoscaler_v2'],
  ),
];
