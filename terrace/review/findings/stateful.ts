import type { Severity } from './finding';
import { isDestroyed, known } from './value-at';
import type { ChangeRule } from './rule';

interface Kind {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly explain: string;
  readonly types: readonly string[];
  /** @default both deletion and replacement */
  readonly only?: 'replace';
}

/** Types whose resources hold something that does not come back when they are created again. */
const kinds: readonly Kind[] = [
  {
    id: 'database-destroyed',
    title: 'A database is destroyed',
    severity: 'critical',
    explain: 'Its data is gone unless a final snapshot is taken. Check that a backup exists and that restoring it was tested.',
    types: [
      'aws_rds_cluster',
      'aws_rds_global_cluster',
      'aws_db_instance',
      'aws_dynamodb_table',
      'azurerm_postgresql_flexible_server',
      'azurerm_mssql_database',
      'google_sql_database_instance',
      'supabase_project',
      'supabase_branch',
      'cloudflare_d1_database',
    ],
  },
  {
    id: 'cache-destroyed',
    title: 'A cache or queue is destroyed',
    severity: 'high',
    explain: 'Everything stored or queued in it is lost, and its endpoint changes. Check that the application survives an empty cache.',
    types: [
      'aws_elasticache_replication_group',
      'aws_elasticache_cluster',
      'upstash_redis_database',
      'upstash_vector_index',
      'azurerm_redis_cache',
      'cloudflare_queue',
      'aws_sqs_queue',
      'cloudflare_workers_kv_namespace',
    ],
  },
  {
    id: 'bucket-destroyed',
    title: 'A bucket or file store is destroyed',
    severity: 'critical',
    explain: 'Its objects and their versions are deleted, and somebody else can take its name. Check where the objects were copied to.',
    types: [
      'aws_s3_bucket',
      'cloudflare_r2_bucket',
      'azurerm_storage_account',
      'azurerm_storage_container',
      'google_storage_bucket',
      'aws_efs_file_system',
      'hcloud_storage_box',
      'aws_backup_vault',
    ],
  },
  {
    id: 'volume-destroyed',
    title: 'A disk or volume is destroyed',
    severity: 'critical',
    explain: 'Its data is deleted at once. Check for a snapshot that is newer than the last write that matters.',
    types: [
      'hcloud_volume',
      'aws_ebs_volume',
      'azurerm_managed_disk',
      'google_compute_disk',
      'kubernetes_persistent_volume_claim_v1',
      'kubernetes_persistent_volume_claim',
      'kubernetes_persistent_volume_v1',
      'kubernetes_stateful_set_v1',
      'kubernetes_stateful_set',
    ],
  },
  {
    id: 'namespace-destroyed',
    title: 'A namespace is destroyed',
    severity: 'critical',
    explain: 'Deleting a namespace deletes everything in it, including what terraform does not know: volumes, secrets, workloads.',
    types: ['kubernetes_namespace_v1', 'kubernetes_namespace', 'azurerm_resource_group'],
  },
  {
    id: 'key-destroyed',
    title: 'An encryption key is destroyed',
    severity: 'critical',
    explain: 'Nothing that was encrypted with it can ever be read again, backups and old versions included. Check what still uses it.',
    types: ['aws_kms_key', 'aws_kms_replica_key', 'azurerm_key_vault', 'azurerm_key_vault_key', 'google_kms_crypto_key'],
  },
  {
    id: 'secret-destroyed',
    title: 'A stored secret is destroyed',
    severity: 'high',
    explain:
      'Programs that read it at start fail at their next start. Check that nothing refers to it, and that the value exists elsewhere.',
    types: [
      'aws_secretsmanager_secret',
      'aws_secretsmanager_secret_version',
      'aws_ssm_parameter',
      'azurerm_key_vault_secret',
      'kubernetes_secret_v1',
      'supabase_edge_function_secrets',
      'google_secret_manager_secret',
    ],
  },
  {
    id: 'log-store-destroyed',
    title: 'Stored logs are destroyed',
    severity: 'high',
    explain: 'The logs are deleted with their group. Check whether they must be kept, and for how long.',
    types: ['aws_cloudwatch_log_group', 'azurerm_log_analytics_workspace', 'aws_cloudtrail', 'google_logging_project_bucket_config'],
  },
  {
    id: 'zone-destroyed',
    title: 'A DNS zone is destroyed',
    severity: 'critical',
    explain: 'Every name in it stops resolving; a new zone has different name servers, which must be set at the registrar.',
    types: [
      'aws_route53_zone',
      'cloudflare_zone',
      'hcloud_zone',
      'azurerm_dns_zone',
      'azurerm_private_dns_zone',
      'aws_service_discovery_private_dns_namespace',
    ],
  },
  {
    id: 'network-destroyed',
    title: 'A network or subnet is destroyed',
    severity: 'high',
    explain: 'Everything in it has to move first: addresses change, connections break, and the deletion hangs while anything is attached.',
    types: [
      'aws_vpc',
      'aws_subnet',
      'azurerm_virtual_network',
      'azurerm_subnet',
      'hcloud_network',
      'hcloud_network_subnet',
      'google_compute_network',
      'google_compute_subnetwork',
      'aws_db_subnet_group',
    ],
  },
  {
    id: 'address-released',
    title: 'A fixed address is released',
    severity: 'high',
    explain: 'The address cannot be had again. DNS names, allow-lists and certificates elsewhere may still point to it.',
    types: [
      'aws_eip',
      'hcloud_primary_ip',
      'hcloud_floating_ip',
      'azurerm_public_ip',
      'google_compute_address',
      'aws_lb',
      'hcloud_load_balancer',
    ],
  },
  {
    id: 'server-destroyed',
    title: 'A server is destroyed',
    severity: 'high',
    explain: 'Its local disk, its address and everything installed by hand are lost. Check that it can be rebuilt from its configuration.',
    types: ['hcloud_server', 'aws_instance', 'azurerm_linux_virtual_machine', 'azurerm_windows_virtual_machine', 'google_compute_instance'],
  },
  {
    id: 'cluster-destroyed',
    title: 'A cluster is destroyed',
    severity: 'critical',
    explain: 'All workloads in it stop, and data that exists only there is lost.',
    types: ['google_container_cluster', 'aws_eks_cluster', 'azurerm_kubernetes_cluster', 'aws_ecs_cluster', 'google_container_node_pool'],
  },
  {
    id: 'registry-destroyed',
    title: 'An image registry is destroyed',
    severity: 'high',
    explain: 'Running services cannot start new tasks without their images. Check that the images exist elsewhere.',
    types: ['aws_ecr_repository', 'azurerm_container_registry', 'google_artifact_registry_repository'],
  },
  {
    id: 'identity-destroyed',
    title: 'An identity that others rely on is destroyed',
    severity: 'high',
    explain:
      'Everything that uses it loses access at once; to policies that name its id, a new role with the same name is a different one.',
    types: [
      'aws_iam_role',
      'aws_iam_user',
      'aws_iam_openid_connect_provider',
      'azurerm_user_assigned_identity',
      'google_service_account',
      'kubernetes_service_account_v1',
    ],
  },
  {
    id: 'certificate-destroyed',
    title: 'A certificate is destroyed',
    severity: 'medium',
    explain: 'Connections that use it fail until the new one is issued and in place.',
    types: [
      'aws_acm_certificate',
      'cloudflare_origin_ca_certificate',
      'cloudflare_certificate_pack',
      'hcloud_managed_certificate',
      'hcloud_uploaded_certificate',
      'azurerm_key_vault_certificate',
    ],
  },
  {
    id: 'service-replaced',
    title: 'A running service is replaced',
    severity: 'medium',
    explain: 'Unless the new one is created first, there is an outage in between. Check the order and the time of day.',
    types: [
      'aws_ecs_service',
      'aws_lb_target_group',
      'aws_lb_listener',
      'aws_nat_gateway',
      'aws_rds_cluster_instance',
      'kubernetes_deployment_v1',
      'kubernetes_service_v1',
      'helm_release',
      'cloudflare_workers_script',
      'hcloud_load_balancer_service',
      'azurerm_nat_gateway',
      'aws_lambda_function',
    ],
    only: 'replace',
  },
];

/** Types whose resources hold something that is lost with them. */
export const statefulTypes: ReadonlySet<string> = new Set(
  kinds.filter(({ severity, only }) => severity === 'critical' && only === undefined).flatMap(({ types }) => types),
);

/** Bucket and table of terraform's own state, by their names. */
const stateName = /^terraform-(?:state|locks)-/;

export function isStateStore(name: unknown): boolean {
  return typeof name === 'string' && stateName.test(name);
}

export const statefulRules: readonly ChangeRule[] = [
  ...kinds.map((kind): ChangeRule => {
    const types = new Set(kind.types);
    return {
      scope: 'change',
      id: kind.id,
      title: kind.title,
      severity: kind.severity,
      explain: kind.explain,
      *check(change) {
        if (!types.has(change.type) || !isDestroyed(change) || (kind.only === 'replace' && change.action !== 'replace')) return;
        if (isStateStore(change.before?.['bucket']) || isStateStore(change.before?.['name'])) return;
        const why =
          change.replacePaths.length > 0
            ? ` because of ${change.replacePaths.join(', ')}`
            : change.because === undefined
              ? ''
              : `: ${change.because}`;
        const order =
          change.action === 'replace' ? (change.createFirst ? ', the new one is created first' : ', the old one is destroyed first') : '';
        const old = change.deposed === undefined ? '' : ' (left over from an earlier replacement)';
        yield { reason: `${known(change)} is ${change.action === 'replace' ? 'replaced' : 'deleted'}${old}${why}${order}` };
      },
    };
  }),
  {
    scope: 'change',
    id: 'resource-forgotten',
    title: 'A resource leaves the state but still exists',
    severity: 'medium',
    explain: 'Nothing manages it any more, and it still costs money. Check who takes it over.',
    *check(change) {
      if (change.action === 'forget') yield { reason: `${known(change)} is no longer managed, but not destroyed` };
    },
  },
];
