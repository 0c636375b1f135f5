import { expect, test } from '@jest/globals';

import { LinuxVm, type LinuxVmProps } from '../../../modules/azure/linux-vm';
import { made, place } from './made';

const machine: LinuxVmProps = {
  ...place,
  name: 'shop-1',
  size: 'Standard_B2s',
  subnetId: '/subnets/front',
  address: '10.9.1.10',
  publicAddress: false,
  image: { publisher: 'Canonical', offer: 'ubuntu', sku: '22_04', version: 'latest' },
  operator: { name: 'ops', publicKey: 'ssh-ed25519 AAAA ops' },
  customData: '#cloud-config\n',
  systemDiskGb: 64,
  access: {},
};

test('a machine is reached by key alone, and its disks are Premium and encrypted at the host', () => {
  const { all, ref } = made((scope) => new LinuxVm(scope, 'vm', machine));
  expect(all('azurerm_linux_virtual_machine')).toMatchObject([
    {
      name: 'vm-shop-1',
      size: 'Standard_B2s',
      disable_password_authentication: true,
      admin_ssh_key: [{ username: 'ops', public_key: 'ssh-ed25519 AAAA ops' }],
      allow_extension_operations: false,
      encryption_at_host_enabled: true,
      secure_boot_enabled: true,
      identity: { type: 'SystemAssigned' },
      os_disk: { storage_account_type: 'Premium_LRS', disk_size_gb: 64 },
      network_interface_ids: [ref('azurerm_network_interface', 'nic-shop-1', 'id')],
    },
  ]);
  expect(all('azurerm_linux_virtual_machine')[0]).not.toHaveProperty('admin_password');
});

test('it has no public address unless it is asked for, and then a static one', () => {
  const hidden = made((scope) => new LinuxVm(scope, 'vm', machine));
  expect(hidden.all('azurerm_public_ip')).toEqual([]);
  expect(hidden.all('azurerm_network_interface')[0]?.['ip_configuration']).toEqual([
    { name: 'internal', private_ip_address: '10.9.1.10', private_ip_address_allocation: 'Static', subnet_id: '/subnets/front' },
  ]);
  let address = '';
  const shown = made((scope) => (address = new LinuxVm(scope, 'vm', { ...machine, publicAddress: true }).publicAddress));
  expect(shown.all('azurerm_public_ip')).toMatchObject([{ name: 'pip-shop-1', allocation_method: 'Static', sku: 'Standard' }]);
  expect(shown.all('azurerm_network_interface')[0]?.['ip_configuration'][0]['public_ip_address_id']).toBe(
    shown.ref('azurerm_public_ip', 'pip-shop-1', 'id'),
  );
  expect(address).not.toBe('');
});

test('a data disk outlives the machine: it is a resource of its own, closed to the network, attached at LUN 0', () => {
  const { all, ref } = made((scope) => new LinuxVm(scope, 'vm', { ...machine, dataDiskGb: 32 }));
  expect(all('azurerm_managed_disk')).toMatchObject([
    {
      name: 'datadisk-shop-1',
      storage_account_type: 'Premium_LRS',
      disk_size_gb: 32,
      network_access_policy: 'DenyAll',
      public_network_access_enabled: false,
    },
  ]);
  expect(all('azurerm_virtual_machine_data_disk_attachment')).toMatchObject([
    {
      managed_disk_id: ref('azurerm_managed_disk', 'datadisk-shop-1', 'id'),
      virtual_machine_id: ref('azurerm_linux_virtual_machine', 'vm-shop-1', 'id'),
      lun: 0,
      caching: 'None',
    },
  ]);
});

test('its identity may do what it is given, each on its scope', () => {
  const { all } = made(
    (scope) =>
      new LinuxVm(scope, 'vm', {
        ...machine,
        access: {
          secrets: { scope: '/vaults/shop', role: 'Key Vault Secrets User' },
          backups: { scope: '/storage/shop', role: 'Storage Blob Data Contributor' },
        },
      }),
  );
  expect(all('azurerm_role_assignment').map((one) => [one['scope'], one['role_definition_name'], one['principal_id']])).toEqual(
    [
      ['/storage/shop', 'Storage Blob Data Contributor'],
      ['/vaults/shop', 'Key Vault Secrets User'],
    ].map((one) => [...one, expect.stringMatching(/^\$\{azurerm_linux_virtual_machine\..+\.identity\[0\]\.principal_id\}$/)]),
  );
});
