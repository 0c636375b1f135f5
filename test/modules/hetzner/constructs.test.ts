import { expect, test } from '@jest/globals';
import { Testing } from 'cdktf';
import type { Construct } from 'constructs';

import { labelsOf } from '../../../modules/hetzner/labels';
import { PassThroughLoadBalancer } from '../../../modules/hetzner/load-balancer';
import { PrivateNetwork } from '../../../modules/hetzner/private-network';
import { CloudServer, type CloudServerOptions } from '../../../modules/hetzner/server';
import { attachVolume, ProtectedVolume } from '../../../modules/hetzner/volume';

type Blocks = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** The resources that a construct makes, by type, in the order of their names. */
function made(build: (scope: Construct) => unknown): Blocks {
  const json = JSON.parse(Testing.synthScope((scope) => void build(scope))) as {
    readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  };
  return Object.fromEntries(
    Object.entries(json.resource).map(([type, blocks]) => [
      type,
      Object.keys(blocks)
        .sort()
        .map((name) => blocks[name] ?? {}),
    ]),
  );
}

const labels = { project: 'shop' };
const server: CloudServerOptions = {
  name: 'shop-1',
  serverType: 'cx23',
  location: 'fsn1',
  image: 'ubuntu-24.04',
  subnetId: '1-10.9.2.0/24',
  address: '10.9.2.10',
  sshKeyIds: ['7'],
  userData: '#cloud-config\n',
  labels,
  protect: true,
};

test('a private network routes everything else through its gateway, once its subnets are there', () => {
  const blocks = made(
    (scope) =>
      new PrivateNetwork(scope, 'net', {
        name: 'shop',
        ipRange: '10.9.0.0/16',
        networkZone: 'us-east',
        subnets: { front: '10.9.1.0/24', back: '10.9.2.0/24' },
        egressGateway: '10.9.1.20',
        labels,
        protect: false,
      }),
  );
  expect(blocks['hcloud_network']).toMatchObject([{ name: 'shop', ip_range: '10.9.0.0/16', delete_protection: false }]);
  expect(blocks['hcloud_network']?.[0]).not.toHaveProperty('lifecycle');
  expect(blocks['hcloud_network_subnet']?.map((subnet) => [subnet['ip_range'], subnet['network_zone'], subnet['type']])).toEqual([
    ['10.9.2.0/24', 'us-east', 'cloud'],
    ['10.9.1.0/24', 'us-east', 'cloud'],
  ]);
  expect(blocks['hcloud_network_route']).toMatchObject([{ destination: '0.0.0.0/0', gateway: '10.9.1.20' }]);
  expect(blocks['hcloud_network_route']?.[0]?.['depends_on']).toHaveLength(2);
});

test('a network without a gateway has no route, one with the first address as gateway is refused', () => {
  const options = {
    name: 'shop',
    ipRange: '10.9.0.0/16',
    networkZone: 'eu-central',
    subnets: { only: '10.9.1.0/24' },
    labels,
    protect: true,
  } as const;
  const blocks = made((scope) => new PrivateNetwork(scope, 'net', options));
  expect(blocks).not.toHaveProperty('hcloud_network_route');
  expect(blocks['hcloud_network']).toMatchObject([{ delete_protection: true, lifecycle: { prevent_destroy: true } }]);
  expect(() => made((scope) => new PrivateNetwork(scope, 'net', { ...options, egressGateway: '10.9.0.1' }))).toThrow('E2410');
});

test('a server is private unless it is said to be public, and is never replaced for its user data', () => {
  const [block] = made((scope) => new CloudServer(scope, 'server', server))['hcloud_server'] ?? [];
  expect(block).toMatchObject({
    public_net: [{ ipv4_enabled: false, ipv6_enabled: false }],
    network: [{ subnet_id: '1-10.9.2.0/24', ip: '10.9.2.10' }],
    delete_protection: true,
    rebuild_protection: true,
    lifecycle: { ignore_changes: ['user_data', 'ssh_keys'], prevent_destroy: true },
    backups: false,
  });
  expect(block).not.toHaveProperty('placement_group_id');
  const [open] =
    made(
      (scope) => new CloudServer(scope, 'server', { ...server, publicInterface: true, protect: false, placementGroupId: 4, backups: true }),
    )['hcloud_server'] ?? [];
  expect(open).toMatchObject({
    public_net: [{ ipv4_enabled: true, ipv6_enabled: true }],
    delete_protection: false,
    rebuild_protection: false,
    placement_group_id: 4,
    backups: true,
  });
  expect(open?.['lifecycle']).not.toHaveProperty('prevent_destroy');
});

test('a server with a retired type and too much user data is refused for both', () => {
  expect(() =>
    made((scope) => new CloudServer(scope, 'server', { ...server, serverType: 'cx11', userData: 'x'.repeat(33 * 1024) })),
  ).toThrow(/E2401[\s\S]*E2405/);
});

test('a load balancer passes TLS through and asks its targets over HTTP', () => {
  const blocks = made(
    (scope) =>
      new PassThroughLoadBalancer(scope, 'web', {
        name: 'shop',
        type: 'lb11',
        location: 'nbg1',
        subnetId: '1-10.9.1.0/24',
        address: '10.9.1.10',
        targets: { a: 11, b: 12 },
        healthCheck: { interval: 15, timeout: 10, retries: 3 },
        healthPath: '/up',
        labels,
        protect: true,
      }),
  );
  expect(blocks['hcloud_load_balancer_target']).toMatchObject([
    { server_id: 11, use_private_ip: true },
    { server_id: 12, use_private_ip: true },
  ]);
  expect(blocks['hcloud_load_balancer_service']).toMatchObject([
    { protocol: 'http', listen_port: 80, health_check: { protocol: 'http', interval: 15, timeout: 10, retries: 3, http: { path: '/up' } } },
    { protocol: 'tcp', listen_port: 443, proxyprotocol: true, health_check: { protocol: 'tcp', port: 443 } },
  ]);
  expect(blocks['hcloud_load_balancer']).toMatchObject([{ delete_protection: true, lifecycle: { prevent_destroy: true } }]);
});

test('a volume has no file system and is not mounted by itself', () => {
  const blocks = made((scope) =>
    attachVolume(
      scope,
      'attachment',
      new ProtectedVolume(scope, 'data', { name: 'data', size: 10, location: 'hel1', labels, protect: true }).id,
      5,
    ),
  );
  expect(blocks['hcloud_volume']).toMatchObject([
    { size: 10, location: 'hel1', delete_protection: true, lifecycle: { prevent_destroy: true } },
  ]);
  expect(blocks['hcloud_volume']?.[0]).not.toHaveProperty('format');
  expect(blocks['hcloud_volume_attachment']).toMatchObject([{ server_id: 5, automount: false }]);
});

test('tags become labels that Hetzner takes', () => {
  expect(labelsOf({ Unit: 'compute/web', ManagedBy: 'terrace', Odd: '/a b/' })).toEqual({
    unit: 'compute.web',
    'managed-by': 'terrace',
    odd: 'a.b',
  });
  for (const value of Object.values(labelsOf({ Long: 'x'.repeat(80) }))) expect(value).toHaveLength(63);
});
