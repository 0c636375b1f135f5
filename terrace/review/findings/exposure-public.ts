import { isMap, texts, type ShownValue, type ShownObject } from '../values/shown-value';

import { isAnyNetwork } from './any-network';
import type { Severity } from './finding';
import { isWritten, valueAt, valuesAt, some, word } from './value-at';
import type { ChangeRule } from './rule';

/** An attribute that makes a resource public when it has one of the values. */
interface Switch {
  readonly types: readonly string[];
  readonly path: string;
  readonly open: (value: ShownValue | undefined) => boolean;
  readonly says: string;
}

const on = (value: ShownValue | undefined): boolean => value === true || value === 'true' || value === 'on';
const off = (value: ShownValue | undefined): boolean => value === false || value === 'false' || value === 'off';

function switchRule(id: string, title: string, severity: Severity, explain: string, switches: readonly Switch[]): ChangeRule {
  return {
    scope: 'change',
    id,
    title,
    severity,
    explain,
    *check(change) {
      if (!isWritten(change)) return;
      for (const entry of switches) {
        if (!entry.types.includes(change.type)) continue;
        if (!entry.open(valueAt(change.after, entry.path)) || (change.before !== null && entry.open(valueAt(change.before, entry.path))))
          continue;
        yield { reason: `${entry.says} (${entry.path}: ${word(valueAt(change.after, entry.path))})`, attribute: entry.path };
      }
    },
  };
}

const oneOf =
  (...values: readonly ShownValue[]) =>
  (value: ShownValue | undefined): boolean =>
    value !== undefined && values.includes(value);

export const publicExposureRules: readonly ChangeRule[] = [
  switchRule(
    'bucket-public',
    'Objects become readable by everybody',
    'critical',
    'Whoever knows an object’s name can read it, and names leak. Serve public files through a CDN with a private origin.',
    [
      {
        types: ['aws_s3_bucket_acl', 'aws_s3_bucket'],
        path: 'acl',
        open: oneOf('public-read', 'public-read-write', 'website', 'authenticated-read'),
        says: 'the access list is public',
      },
      { types: ['azurerm_storage_account'], path: 'allow_nested_items_to_be_public', open: on, says: 'containers may be made public' },
      { types: ['azurerm_storage_container'], path: 'container_access_type', open: oneOf('blob', 'container'), says: 'anonymous reading' },
      { types: ['cloudflare_r2_managed_domain'], path: 'enabled', open: on, says: 'the r2.dev address is public' },
      { types: ['cloudflare_r2_custom_domain'], path: 'enabled', open: on, says: 'everything in it can be read under its domain' },
      {
        types: ['google_storage_bucket_iam_member', 'google_storage_bucket_iam_binding'],
        path: 'member',
        open: oneOf('allUsers', 'allAuthenticatedUsers'),
        says: 'granted to everybody',
      },
    ],
  ),
  {
    scope: 'change',
    id: 'public-access-block-removed',
    title: 'The block of public access is lifted',
    severity: 'critical',
    explain: 'It keeps a single wrong policy or access list from opening a bucket. Nothing private needs it lifted.',
    *check(change) {
      if (change.type !== 'aws_s3_bucket_public_access_block' && change.type !== 'aws_s3_account_public_access_block') return;
      if (change.action === 'delete') yield { reason: `the block of ${word(valueAt(change.before, 'bucket'))} is removed` };
      if (!isWritten(change)) return;
      const lifted = ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'].filter(
        (name) => valueAt(change.after, name) !== true && (change.before === null || valueAt(change.before, name) === true),
      );
      if (lifted.length > 0) yield { reason: `${some(lifted)} not set`, attribute: lifted[0] ?? '' };
    },
  },
  switchRule(
    'public-address',
    'Something gets a public address',
    'medium',
    'It can be reached from outside as soon as a rule allows it. Usually, private subnets with NAT or a load balancer are better.',
    [
      {
        types: ['aws_instance', 'aws_launch_configuration'],
        path: 'associate_public_ip_address',
        open: on,
        says: 'the instance has a public address',
      },
      {
        types: ['aws_launch_template'],
        path: 'network_interfaces.associate_public_ip_address',
        open: on,
        says: 'instances have public addresses',
      },
      { types: ['aws_subnet'], path: 'map_public_ip_on_launch', open: on, says: 'everything launched in the subnet gets one' },
      { types: ['aws_ecs_service'], path: 'network_configuration.assign_public_ip', open: on, says: 'tasks have public addresses' },
      { types: ['hcloud_server'], path: 'public_net.ipv4_enabled', open: on, says: 'the server has a public IPv4 address' },
      { types: ['hcloud_server'], path: 'public_net.ipv6_enabled', open: on, says: 'the server has a public IPv6 address' },
      {
        types: ['azurerm_public_ip'],
        path: 'allocation_method',
        open: (value) => value !== undefined,
        says: 'a public address is created',
      },
      {
        types: ['azurerm_network_interface'],
        path: 'ip_configuration.public_ip_address_id',
        open: (value) => value !== undefined,
        says: 'the interface has a public address',
      },
    ],
  ),
  switchRule(
    'database-public',
    'A database or cache can be reached from the internet',
    'critical',
    'Passwords are then the only protection. Keep it in private subnets, and reach it through a bastion or a tunnel.',
    [
      {
        types: ['aws_db_instance', 'aws_rds_cluster_instance', 'aws_redshift_cluster', 'aws_dms_replication_instance'],
        path: 'publicly_accessible',
        open: on,
        says: 'publicly accessible',
      },
      {
        types: ['azurerm_postgresql_flexible_server', 'azurerm_mssql_server', 'azurerm_redis_cache', 'azurerm_cosmosdb_account'],
        path: 'public_network_access_enabled',
        open: on,
        says: 'public network access',
      },
      { types: ['google_sql_database_instance'], path: 'settings.ip_configuration.ipv4_enabled', open: on, says: 'a public address' },
    ],
  ),
  {
    scope: 'change',
    id: 'allow-list-opened',
    title: 'A service’s list of allowed addresses opens',
    severity: 'high',
    explain: 'Anybody may try to sign in. List the addresses that need it.',
    *check(change) {
      if (!isWritten(change)) return;
      if (change.type === 'upstash_redis_database') {
        const before = texts(valueAt(change.before, 'ip_allowlist'));
        const after = texts(change.after?.['ip_allowlist']);
        if (before.length > 0 && after.length === 0 && !isMap(change.after?.['ip_allowlist']))
          yield { reason: 'the allow-list is emptied: every address may connect', attribute: 'ip_allowlist' };
        const added = after.filter(isAnyNetwork).filter((source) => !before.includes(source));
        if (added.length > 0) yield { reason: `${some(added)} may connect`, attribute: 'ip_allowlist' };
      }
      if (change.type === 'supabase_settings') {
        const open = (object: ShownObject | null): readonly string[] => {
          const network = networkSettings(valueAt(object, 'network'));
          return network.filter(isAnyNetwork);
        };
        const added = open(change.after).filter((source) => !open(change.before).includes(source));
        if (added.length > 0) yield { reason: `the database is open to ${some(added)}`, attribute: 'network' };
      }
      if (change.type === 'google_container_cluster') {
        const open = (object: ShownObject | null): readonly string[] =>
          valuesAt(object, 'master_authorized_networks_config.cidr_blocks.cidr_block').flatMap(texts).filter(isAnyNetwork);
        const added = open(change.after).filter((source) => !open(change.before).includes(source));
        if (added.length > 0)
          yield { reason: `the cluster’s API is open to ${some(added)}`, attribute: 'master_authorized_networks_config' };
      }
      if (change.type === 'azurerm_key_vault' || change.type === 'azurerm_storage_account') {
        const action = (object: ShownObject | null): ShownValue | undefined =>
          valueAt(object, change.type === 'azurerm_key_vault' ? 'network_acls.default_action' : 'network_rules.default_action');
        if (action(change.after) === 'Allow' && action(change.before) !== 'Allow')
          yield { reason: 'the default of its network rules becomes Allow', attribute: 'network_acls' };
      }
    },
  },
  {
    scope: 'change',
    id: 'load-balancer-public',
    title: 'A public entrance is added',
    severity: 'medium',
    explain:
      'Scanners find the names of load balancers within hours. Check its listeners, its certificates and the firewall in front of it.',
    *check(change) {
      if (!isWritten(change)) return;
      const publicNow = (object: ShownObject | null): boolean => {
        if (object === null) return false;
        if (change.type === 'aws_lb')
          return off(valueAt(object, 'internal')) || (valueAt(object, 'internal') === undefined && change.action === 'create');
        if (change.type === 'kubernetes_service_v1' || change.type === 'kubernetes_service')
          return valueAt(object, 'spec.type') === 'LoadBalancer' || valueAt(object, 'spec.type') === 'NodePort';
        if (change.type === 'kubernetes_ingress_v1') return true;
        return change.type === 'hcloud_load_balancer_network' && on(valueAt(object, 'enable_public_interface'));
      };
      if (publicNow(change.after) && !publicNow(change.before))
        yield {
          reason: `${change.type} ${word(valueAt(change.after, 'name') ?? valueAt(change.after, 'metadata.name'))} can be reached from outside`,
        };
    },
  },
];

/** Addresses in the network settings of a Supabase project, a JSON document in a string. */
function networkSettings(value: ShownValue | undefined): readonly string[] {
  if (typeof value !== 'string') return [];
  try {
    const settings = JSON.parse(value) as ShownObject;
    return ['restrictions', 'dbAllowedCidrs', 'dbAllowedCidrsV6', 'db_allowed_cidrs', 'db_allowed_cidrs_v6'].flatMap((name) =>
      texts(settings[name]),
    );
  } catch {
    return [];
  }
}
