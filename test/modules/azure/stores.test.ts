import { expect, test } from '@jest/globals';

import { BackupStorage } from '../../../modules/azure/backup-storage';
import { KeyVault } from '../../../modules/azure/key-vault';
import { made, place } from './made';

const vault = {
  ...place,
  name: 'kv-shop',
  tenantId: '11111111-1111-4111-8111-111111111111',
  writerId: '22222222-2222-4222-8222-222222222222',
  subnetIds: ['/subnets/front'],
  addresses: ['203.0.113.7/32'],
  retentionDays: 7,
};

test('a vault opens by roles, to named networks, and cannot be purged', () => {
  const { all } = made((scope) => new KeyVault(scope, 'vault', { ...vault, secrets: {} }));
  expect(all('azurerm_key_vault')).toMatchObject([
    {
      name: 'kv-shop',
      rbac_authorization_enabled: true,
      purge_protection_enabled: true,
      soft_delete_retention_days: 7,
      network_acls: {
        default_action: 'Deny',
        virtual_network_subnet_ids: ['/subnets/front'],
        ip_rules: ['203.0.113.7/32'],
      },
    },
  ]);
});

test('each secret is a resource of its own, written once the writer may write', () => {
  let ids: Readonly<Record<string, string>> = {};
  const { all, ref } = made(
    (scope) => (ids = new KeyVault(scope, 'vault', { ...vault, secrets: { 'jwt-secret': '${var.jwt}', token: '${var.token}' } }).secretIds),
  );
  const [role] = all('azurerm_role_assignment');
  expect(role).toMatchObject({ role_definition_name: 'Key Vault Secrets Officer', principal_id: vault.writerId });
  expect(all('azurerm_key_vault_secret').map((one) => [one['name'], one['value'], one['key_vault_id'], one['depends_on']])).toEqual(
    [
      ['jwt-secret', '${var.jwt}'],
      ['token', '${var.token}'],
    ].map((one) => [...one, ref('azurerm_key_vault', 'kv-shop', 'id'), [expect.stringMatching(/^azurerm_role_assignment\./)]]),
  );
  expect(Object.keys(ids)).toEqual(['jwt-secret', 'token']);
});

test('backups are reached by identities from named subnets, encrypted twice, and end by age', () => {
  const { all, ref } = made(
    (scope) =>
      new BackupStorage(scope, 'backups', {
        ...place,
        name: 'stshop',
        container: 'dumps',
        subnetIds: ['/subnets/back'],
        keepDays: 7,
        recoverableDays: 3,
      }),
  );
  expect(all('azurerm_storage_account')).toMatchObject([
    {
      name: 'stshop',
      shared_access_key_enabled: false,
      allow_nested_items_to_be_public: false,
      infrastructure_encryption_enabled: true,
      https_traffic_only_enabled: true,
      min_tls_version: 'TLS1_2',
      network_rules: { default_action: 'Deny', virtual_network_subnet_ids: ['/subnets/back'] },
      blob_properties: { versioning_enabled: true, delete_retention_policy: { days: 3 } },
    },
  ]);
  const account = ref('azurerm_storage_account', 'stshop', 'id');
  expect(all('azurerm_storage_container')).toMatchObject([
    { name: 'dumps', storage_account_id: account, container_access_type: 'private' },
  ]);
  expect(all('azurerm_storage_management_policy')).toMatchObject([
    {
      storage_account_id: account,
      rule: [
        {
          filters: { prefix_match: ['dumps/'] },
          actions: {
            base_blob: { delete_after_days_since_modification_greater_than: 7 },
            version: { delete_after_days_since_creation: 7 },
          },
        },
      ],
    },
  ]);
});
