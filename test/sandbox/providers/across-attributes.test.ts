import { afterAll, expect, test } from '@jest/globals';

import { localProvider } from '../../_helpers/simulated-provider';
import { fromJson } from '../../../terrace/sandbox/providers/protocol/json';
import { isObject, type ObjectValue } from '../../../terrace/sandbox/providers/protocol/value';
import { typeOfBlock } from '../../../terrace/sandbox/providers/schema/schema';

const aws = localProvider('aws', { region: 'eu-west-1' });
const google = localProvider('google', { project: 'shop', region: 'europe-west1' });
const azurerm = localProvider('azurerm', { features: [{}] });
const kubernetes = localProvider('kubernetes');
afterAll(() => [aws, google, azurerm, kubernetes].forEach((one) => one.remove()));

/** The attributes that a change of some of them replaces the resource for. */
function replaced(one: typeof aws, type: string, before: object, after: object): readonly string[] {
  const block = one.provider.context.schemas.resource(type)?.block ?? {};
  const value = (json: object): ObjectValue => {
    const made = fromJson(json, typeOfBlock(block));
    return isObject(made) ? made : {};
  };
  const prior = value({ id: 'x', ...before });
  const settings = one.settings(one === azurerm ? { features: [{}] } : one === kubernetes ? {} : { region: 'eu-west-1' });
  const { replace } = one.provider.plan(type, settings, value(after), value({ ...prior, ...after }), prior);
  // Defaults that the state before does not have are changes too.
  return replace.filter((name) => name in before || name in after);
}

test.each([
  [aws, 'aws_vpc', { instance_tenancy: 'default' }, { instance_tenancy: 'dedicated' }, ['instance_tenancy']],
  [aws, 'aws_vpc', { instance_tenancy: 'dedicated' }, { instance_tenancy: 'default' }, []],
  [aws, 'aws_ssm_parameter', { name: '/p', tier: 'Advanced' }, { name: '/p', tier: 'Standard' }, ['tier']],
  [aws, 'aws_ssm_parameter', { name: '/p', tier: 'Standard' }, { name: '/p', tier: 'Advanced' }, []],
  [google, 'google_compute_subnetwork', { ip_cidr_range: '10.0.0.0/20' }, { ip_cidr_range: '10.0.0.0/24' }, ['ip_cidr_range']],
  [google, 'google_compute_subnetwork', { ip_cidr_range: '10.0.0.0/20' }, { ip_cidr_range: '10.0.0.0/16' }, []],
  [google, 'google_compute_subnetwork', { ip_cidr_range: '10.0.0.0/20' }, { ip_cidr_range: '10.1.0.0/20' }, ['ip_cidr_range']],
  [aws, 'aws_lb', { load_balancer_type: 'network', subnets: ['a', 'b'] }, { load_balancer_type: 'network', subnets: ['a'] }, ['subnets']],
  [aws, 'aws_lb', { load_balancer_type: 'network', subnets: ['a'] }, { load_balancer_type: 'network', subnets: ['a', 'b'] }, []],
  [aws, 'aws_lb', { load_balancer_type: 'application', subnets: ['a', 'b'] }, { load_balancer_type: 'application', subnets: ['a'] }, []],
  [
    aws,
    'aws_lb',
    { load_balancer_type: 'network', security_groups: [] },
    { load_balancer_type: 'network', security_groups: ['g'] },
    ['security_groups'],
  ],
  [
    aws,
    'aws_ecs_service',
    { capacity_provider_strategy: [{ capacity_provider: 'FARGATE', weight: 1 }] },
    { capacity_provider_strategy: [{ capacity_provider: 'FARGATE', weight: 2 }] },
    ['capacity_provider_strategy'],
  ],
  [
    aws,
    'aws_ecs_service',
    { force_new_deployment: true, capacity_provider_strategy: [{ capacity_provider: 'FARGATE', weight: 1 }] },
    { force_new_deployment: true, capacity_provider_strategy: [{ capacity_provider: 'FARGATE', weight: 2 }] },
    [],
  ],
  [
    aws,
    'aws_ecs_service',
    { force_new_deployment: true, capacity_provider_strategy: [{ capacity_provider: 'FARGATE', weight: 1 }] },
    { force_new_deployment: true, capacity_provider_strategy: [] },
    ['capacity_provider_strategy'],
  ],
  [aws, 'aws_rds_cluster', { engine: 'mysql', storage_type: 'io1' }, { engine: 'mysql', storage_type: 'io2' }, ['storage_type']],
  [aws, 'aws_rds_cluster', { engine: 'aurora-mysql', storage_type: '' }, { engine: 'aurora-mysql', storage_type: 'aurora-iopt1' }, []],
  [aws, 'aws_elasticache_replication_group', { engine_version: '7.1' }, { engine_version: '7.0' }, ['engine_version']],
  [aws, 'aws_elasticache_replication_group', { engine_version: '6.2' }, { engine_version: '7.1' }, []],
  [aws, 'aws_elasticache_replication_group', { engine: 'valkey' }, { engine: 'redis' }, ['engine']],
  [aws, 'aws_elasticache_replication_group', { engine: 'redis' }, { engine: 'valkey' }, []],
  [
    google,
    'google_container_cluster',
    { enable_l4_ilb_subsetting: true },
    { enable_l4_ilb_subsetting: false },
    ['enable_l4_ilb_subsetting'],
  ],
  [google, 'google_container_cluster', { enable_l4_ilb_subsetting: false }, { enable_l4_ilb_subsetting: true }, []],
  [
    azurerm,
    'azurerm_storage_account',
    { account_replication_type: 'LRS' },
    { account_replication_type: 'ZRS' },
    ['account_replication_type'],
  ],
  [azurerm, 'azurerm_storage_account', { account_replication_type: 'LRS' }, { account_replication_type: 'GRS' }, []],
  [azurerm, 'azurerm_storage_account', { account_kind: 'BlobStorage' }, { account_kind: 'StorageV2' }, []],
  [azurerm, 'azurerm_storage_account', { account_kind: 'StorageV2' }, { account_kind: 'BlobStorage' }, ['account_kind']],
  [azurerm, 'azurerm_storage_account', { large_file_share_enabled: false }, { large_file_share_enabled: true }, []],
  [
    azurerm,
    'azurerm_storage_account',
    { large_file_share_enabled: true },
    { large_file_share_enabled: false },
    ['large_file_share_enabled'],
  ],
  [azurerm, 'azurerm_public_ip', {}, { domain_name_label_scope: 'NoReuse' }, []],
  [
    azurerm,
    'azurerm_public_ip',
    { domain_name_label_scope: 'NoReuse' },
    { domain_name_label_scope: 'TenantReuse' },
    ['domain_name_label_scope'],
  ],
  [azurerm, 'azurerm_managed_disk', { encryption_settings: [{}] }, { encryption_settings: [] }, ['encryption_settings']],
  [azurerm, 'azurerm_managed_disk', { encryption_settings: [] }, { encryption_settings: [{}] }, []],
  [kubernetes, 'kubernetes_secret_v1', { immutable: true, data: { a: '1' } }, { immutable: true, data: { a: '2' } }, ['data']],
  [kubernetes, 'kubernetes_secret_v1', { immutable: false, data: { a: '1' } }, { immutable: false, data: { a: '2' } }, []],
  [kubernetes, 'kubernetes_persistent_volume_claim_v1', claim('10Gi'), claim('5Gi'), ['spec']],
  [kubernetes, 'kubernetes_persistent_volume_claim_v1', claim('10Gi'), claim('1Ti'), []],
] as const)('what replaces a resource depends on the value before (%#)', (one, type, before, after, expected) => {
  expect(replaced(one, type, before, after)).toEqual(expected);
});

test.each([
  [aws, 'aws_secretsmanager_secret_version', { secret_string_wo_version: 1 }, { secret_string_wo: 'x' }],
  [aws, 'aws_rds_cluster', { master_password_wo: 'x' }, { master_password_wo_version: 1 }],
  [aws, 'aws_lambda_function', { s3_bucket: 'b' }, { s3_key: 'k' }],
  [aws, 'aws_kms_key', { rotation_period_in_days: 90 }, { enable_key_rotation: true }],
  [aws, 'aws_route53_record', { records: ['a'], weighted_routing_policy: [{ weight: 1 }] }, { set_identifier: 'one' }],
  [aws, 'aws_route53_record', { ttl: 60 }, { records: ['a'] }],
  [aws, 'aws_vpc', { ipv4_netmask_length: 20 }, { ipv4_ipam_pool_id: 'ipam-pool-1' }],
  [azurerm, 'azurerm_key_vault_secret', { value_wo: 'x' }, { value_wo_version: 1 }],
  [azurerm, 'azurerm_network_interface', { auxiliary_mode: 'AcceleratedConnections' }, { auxiliary_sku: 'A2' }],
  [
    azurerm,
    'azurerm_storage_account',
    { blob_properties: [{ restore_policy: [{ days: 1 }] }] },
    { blob_properties: [{ restore_policy: [{ days: 1 }], delete_retention_policy: [{ days: 7 }] }] },
  ],
  [kubernetes, 'kubernetes_secret_v1', { data_wo_revision: 1 }, { data_wo: { a: 'b' } }],
] as const)('an attribute that needs another one is refused without it (%#)', (one, type, alone, other) => {
  const words = (config: ObjectValue): string => {
    try {
      one.provider.validate(type, config);
      return '';
    } catch (error) {
      return String(error);
    }
  };
  expect(words({ ...alone })).toMatch(/all of `[\w.,]+` must be specified/);
  expect(words({ ...alone, ...other })).not.toContain('must be specified');
});

/** A claim of so much storage. */
function claim(storage: string): object {
  return { spec: [{ resources: [{ requests: { storage } }] }] };
}
