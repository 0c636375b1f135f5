import { expect, test } from '@jest/globals';

import { InboundSecurityGroup } from '../../../modules/azure/security-group';
import { NatNetwork } from '../../../modules/azure/virtual-network';
import { made, place } from './made';

const web = { name: 'https', protocol: 'Tcp', port: 443, from: '0.0.0.0/0', why: 'visitors' } as const;

test('a security group admits its rules in their order, and then nothing, not even the virtual network', () => {
  const { all, ref } = made(
    (scope) =>
      new InboundSecurityGroup(scope, 'group', {
        ...place,
        name: 'nsg-shop',
        inbound: [web, { name: 'ssh', protocol: 'Tcp', port: 22, from: ['203.0.113.7/32', '198.51.100.0/24'], why: 'administrators' }],
      }),
  );
  const rules = all('azurerm_network_security_rule').toSorted((a, b) => a['priority'] - b['priority']);
  expect(
    rules.map((rule) => [
      rule['priority'],
      rule['access'],
      rule['protocol'],
      rule['destination_port_range'],
      rule['source_address_prefix'] ?? rule['source_address_prefixes'],
    ]),
  ).toEqual([
    [100, 'Allow', 'Tcp', '443', '0.0.0.0/0'],
    [110, 'Allow', 'Tcp', '22', ['203.0.113.7/32', '198.51.100.0/24']],
    [4096, 'Deny', '*', '*', '*'],
  ]);
  for (const rule of rules)
    expect(rule).toMatchObject({
      direction: 'Inbound',
      network_security_group_name: ref('azurerm_network_security_group', 'nsg-shop', 'name'),
    });
});

test('a group without rules admits nothing', () => {
  const { all } = made((scope) => new InboundSecurityGroup(scope, 'group', { ...place, name: 'nsg-shop', inbound: [] }));
  expect(all('azurerm_network_security_rule').map((rule) => [rule['access'], rule['source_address_prefix']])).toEqual([['Deny', '*']]);
});

test('every subnet has its group and leaves by the NAT gateway alone, once that has an address', () => {
  let network: NatNetwork<'front' | 'back'> | undefined;
  const { all, ref } = made((scope) => {
    network = new NatNetwork(scope, 'net', {
      ...place,
      name: 'shop',
      cidr: '10.9.0.0/16',
      subnets: {
        front: { cidr: '10.9.1.0/24', inbound: [web], serviceEndpoints: ['Microsoft.KeyVault'] },
        back: { cidr: '10.9.2.0/24', inbound: [], serviceEndpoints: [] },
      },
    });
  });
  expect(all('azurerm_virtual_network')).toMatchObject([{ name: 'vnet-shop', address_space: ['10.9.0.0/16'], location: 'westeurope' }]);
  expect(all('azurerm_subnet').map((one) => [one['name'], one['address_prefixes'], one['default_outbound_access_enabled']])).toEqual([
    ['subnet-back', ['10.9.2.0/24'], false],
    ['subnet-front', ['10.9.1.0/24'], false],
  ]);
  const ids = ['subnet-back', 'subnet-front'].map((name) => ref('azurerm_subnet', name, 'id'));
  expect(
    all('azurerm_subnet_network_security_group_association').map((one) => [one['subnet_id'], one['network_security_group_id']]),
  ).toEqual([
    [ids[0], ref('azurerm_network_security_group', 'nsg-shop-back', 'id')],
    [ids[1], ref('azurerm_network_security_group', 'nsg-shop-front', 'id')],
  ]);
  const gateway = ref('azurerm_nat_gateway', 'ng-shop', 'id');
  expect(all('azurerm_nat_gateway_public_ip_association')).toMatchObject([{ nat_gateway_id: gateway }]);
  for (const [index, one] of all('azurerm_subnet_nat_gateway_association').entries()) {
    expect([one['subnet_id'], one['nat_gateway_id']]).toEqual([ids[index], gateway]);
    expect(one['depends_on']).toEqual([expect.stringMatching(/^azurerm_nat_gateway_public_ip_association\./)]);
  }
  expect(all('azurerm_public_ip')).toMatchObject([{ name: 'pip-shop-nat', allocation_method: 'Static', sku: 'Standard' }]);
  expect(() => network?.subnetId('other' as 'front')).toThrow(new RangeError('no subnet other: front, back'));
});
