import type { JsonObject } from '../../../../terrace/base/json';

import { changed, made, type RuleCase } from './rule-case';

const group = { resource_group_name: '${azurerm_resource_group.support.name}', location: 'eastus2' };
const vault = { ...group, tenant_id: '00000000-0000-0000-0000-000000000000', sku_name: 'standard' };
const machine = (name: string): JsonObject => ({
  ...group,
  name,
  size: 'Standard_B2s',
  admin_username: 'promata',
  admin_ssh_key: [{ username: 'promata', public_key: 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 operators' }],
  network_interface_ids: ['${azurerm_network_interface.support.id}'],
  os_disk: [{ caching: 'ReadWrite', storage_account_type: 'Premium_LRS' }],
  source_image_reference: [{ publisher: 'Canonical', offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts-gen2', version: 'latest' }],
});

/** Machines, their disks and addresses, and a vault that is made without its protection. */
export const azureMachineCases: readonly RuleCase[] = [
  {
    rule: 'public-address',
    fires: { type: 'azurerm_public_ip', after: { ...group, name: 'pip-@@', allocation_method: 'Static', sku: 'Standard' } },
    silent: {
      type: 'azurerm_public_ip',
      before: { ...group, name: 'pip-kept-@@', allocation_method: 'Static', sku: 'Standard' },
      after: { ...group, name: 'pip-kept-@@', allocation_method: 'Static', sku: 'Standard', idle_timeout_in_minutes: 10 },
    },
  },
  {
    rule: 'public-address',
    ...changed(
      'azurerm_network_interface',
      { ...group },
      [
        { name: 'nic-@@', ip_configuration: [inside({})] },
        { name: 'nic-@@', ip_configuration: [inside({ public_ip_address_id: '${azurerm_public_ip.support.id}' })] },
      ],
      [
        { name: 'nic-kept-@@', ip_configuration: [inside({})] },
        { name: 'nic-kept-@@', ip_configuration: [inside({})], ip_forwarding_enabled: true },
      ],
    ),
  },
  {
    rule: 'encryption-off',
    ...changed(
      'azurerm_linux_virtual_machine',
      machine('vm-@@'),
      [{ encryption_at_host_enabled: true }, { encryption_at_host_enabled: false }],
      [{ encryption_at_host_enabled: false }, { encryption_at_host_enabled: true }],
    ),
  },
  {
    rule: 'encryption-off',
    ...made('azurerm_linux_virtual_machine', machine('vm-new-@@'), { ...machine('vm-sealed-@@'), encryption_at_host_enabled: true }),
  },
  {
    rule: 'deletion-protection-off',
    ...made('azurerm_key_vault', { ...vault, name: 'bare-@@' }, { ...vault, name: 'kept-@@', purge_protection_enabled: true }),
  },
];

function inside(more: JsonObject): JsonObject {
  return {
    name: 'internal',
    subnet_id: '${azurerm_subnet.support.id}',
    private_ip_address_allocation: 'Dynamic',
    ...more,
  };
}
