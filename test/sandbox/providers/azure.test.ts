import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { localProvider } from '../../_helpers/simulated-provider';

const azurerm = localProvider('azurerm', { features: [{}] });
const place = { resource_group_name: 'rg', location: 'West Europe' };
const net = { resource_group_name: 'rg', virtual_network_name: 'net' };
let subnet: Readonly<Record<string, unknown>> = {};
beforeAll(async () => {
  await azurerm.create('azurerm_resource_group', { name: 'rg', location: 'West Europe' });
  await azurerm.create('azurerm_virtual_network', { name: 'net', ...place, address_space: ['10.0.0.0/16'] });
  subnet = await azurerm.create('azurerm_subnet', { name: 'web', ...net, address_prefixes: ['10.0.7.0/24'] });
});
afterAll(() => azurerm.remove());

test('an interface has the first free address of its subnet, and a machine those of its interfaces', async () => {
  const address = await azurerm.create('azurerm_public_ip', {
    name: 'ip',
    ...place,
    allocation_method: 'Static',
    domain_name_label: 'shop',
  });
  expect(address['fqdn']).toBe('shop.westeurope.cloudapp.azure.com');
  const inside = { name: 'a', subnet_id: subnet['id'], private_ip_address_allocation: 'Dynamic' };
  const [first, second] = [
    await azurerm.create('azurerm_network_interface', {
      name: 'one',
      ...place,
      ip_configuration: [{ ...inside, public_ip_address_id: address['id'] }],
    }),
    await azurerm.create('azurerm_network_interface', { name: 'two', ...place, ip_configuration: [inside, { ...inside, name: 'b' }] }),
  ];
  expect([first['private_ip_address'], second['private_ip_addresses']]).toEqual(['10.0.7.4', ['10.0.7.5', '10.0.7.6']]);
  expect(first['ip_configuration']).toMatchObject([{ primary: true, private_ip_address: '10.0.7.4' }]);
  const machine = await azurerm.create('azurerm_linux_virtual_machine', {
    name: 'vm',
    ...place,
    size: 'Standard_B2s',
    admin_username: 'ops',
    network_interface_ids: [first['id']],
    os_disk: [{ caching: 'None', storage_account_type: 'Standard_LRS' }],
  });
  expect(machine).toMatchObject({
    private_ip_address: '10.0.7.4',
    private_ip_addresses: ['10.0.7.4'],
    public_ip_address: address['ip_address'],
  });
  const [disk] = machine['os_disk'] as readonly Record<string, string>[];
  const found = await azurerm.read('azurerm_managed_disk', { name: disk?.['name'], resource_group_name: 'rg' });
  expect([found['id'], disk?.['name']]).toEqual([machine['os_managed_disk_id'], expect.stringMatching(/^vm_OsDisk_1_[0-9a-f]{32}$/)]);
  expect(await azurerm.read('azurerm_virtual_machine', { name: 'vm', resource_group_name: 'rg' })).toMatchObject({
    private_ip_address: '10.0.7.4',
    power_state: 'running',
  });
});

test('a prefix is in the names that Azure makes: of the machines of a scale set, and of the API server of a cluster', async () => {
  const machines = {
    ...place,
    sku: 'Standard_B2s',
    instances: 2,
    admin_username: 'ops',
    os_disk: [{ caching: 'None', storage_account_type: 'Standard_LRS' }],
    network_interface: [{ name: 'n', ip_configuration: [{ name: 'i' }] }],
  };
  await azurerm.create('azurerm_linux_virtual_machine_scale_set', { name: 'api', computer_name_prefix: 'node', ...machines });
  const unsaid = await azurerm.create('azurerm_linux_virtual_machine_scale_set', { name: 'web', ...machines });
  expect(unsaid['computer_name_prefix']).toBe('web');
  const found = await azurerm.read('azurerm_virtual_machine_scale_set', { name: 'api', resource_group_name: 'rg' });
  expect(found['instances']).toMatchObject([{ computer_name: 'node000000' }, { computer_name: 'node000001' }]);
  await expect(azurerm.read('azurerm_virtual_machine_scale_set', { name: 'none', resource_group_name: 'rg' })).rejects.toThrow(
    'no scale set',
  );
  const cluster = { ...place, dns_prefix: 'till', default_node_pool: [{ name: 'd', vm_size: 'Standard_D2s_v5' }] };
  const [one, two] = [
    await azurerm.create('azurerm_kubernetes_cluster', { name: 'one', ...cluster }),
    await azurerm.create('azurerm_kubernetes_cluster', { name: 'two', ...cluster }),
  ];
  expect(one).toMatchObject({
    fqdn: expect.stringMatching(/^till-[a-z0-9]{8}\.hcp\.westeurope\.azmk8s\.io$/),
    node_resource_group: 'MC_rg_one_westeurope',
    kube_config: [{ host: `https://${String(one['fqdn'])}:443` }],
    kube_admin_config: [],
  });
  expect(one['fqdn']).not.toBe(two['fqdn']);
  expect(await azurerm.read('azurerm_kubernetes_cluster', { name: 'one', resource_group_name: 'rg' })).toMatchObject({ fqdn: one['fqdn'] });
});

test('a data source says what an association ties to a resource, and leaves empty what nobody said', async () => {
  const read = () => azurerm.read('azurerm_subnet', { name: 'web', ...net });
  expect(await read()).toMatchObject({ address_prefix: '10.0.7.0/24', network_security_group_id: '', route_table_id: '' });
  const group = await azurerm.create('azurerm_network_security_group', { name: 'g', ...place });
  await azurerm.create('azurerm_subnet_network_security_group_association', {
    subnet_id: subnet['id'],
    network_security_group_id: group['id'],
  });
  expect(await read()).toMatchObject({ network_security_group_id: group['id'], route_table_id: '' });
});
