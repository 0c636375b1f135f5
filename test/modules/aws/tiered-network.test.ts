import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { Endpoints } from '../../../modules/aws/endpoints';
import { FlowLogs } from '../../../modules/aws/flow-logs';
import { natOfZones, type NatPolicy } from '../../../modules/aws/nat-policy';
import { TieredNetwork } from '../../../modules/aws/tiered-network';
import { statements, synthesized } from './synthesized';

const zones = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'];
const tier = (name: 'public' | 'private' | 'database', octet: number, route: 'internet' | 'nat' | 'none') => ({
  name,
  route,
  cidrs: zones.map((_, zone) => `10.0.${octet + zone}.0/24`),
});
const tiers = [tier('private', 1, 'nat'), tier('public', 101, 'internet'), tier('database', 201, 'none')];

const network = (nat: NatPolicy) =>
  synthesized((stack) => void new TieredNetwork(stack, 'net', { name: 'x', cidr: '10.0.0.0/16', zones, tiers, nat }));

test('each tier has one subnet per zone, none of which hands out public addresses', () => {
  const { list, one, ref } = network('single');
  expect(one('aws_vpc')).toMatchObject({ cidr_block: '10.0.0.0/16', enable_dns_hostnames: true, enable_dns_support: true });
  const subnets = list('aws_subnet');
  expect(subnets.map(({ cidr_block, availability_zone }) => `${cidr_block} ${availability_zone}`)).toEqual([
    '10.0.201.0/24 eu-central-1a',
    '10.0.202.0/24 eu-central-1b',
    '10.0.203.0/24 eu-central-1c',
    '10.0.1.0/24 eu-central-1a',
    '10.0.2.0/24 eu-central-1b',
    '10.0.3.0/24 eu-central-1c',
    '10.0.101.0/24 eu-central-1a',
    '10.0.102.0/24 eu-central-1b',
    '10.0.103.0/24 eu-central-1c',
  ]);
  expect(subnets.every((subnet) => subnet['vpc_id'] === ref('aws_vpc', 'id') && subnet['map_public_ip_on_launch'] === false)).toBe(true);
  expect(Object.keys(one('aws_default_security_group'))).not.toContain('ingress');
});

test.each([
  ['single', ['net_public-a'], [0, 0, 0]],
  [2, ['net_public-a', 'net_public-b'], [0, 1, 0]],
  ['per-az', ['net_public-a', 'net_public-b', 'net_public-c'], [0, 1, 2]],
] as const)('with NAT policy %s the gateways stand in public subnets and the zones share them in turn', (policy, places, used) => {
  const { all, list } = network(policy);
  const gateways = Object.entries(all('aws_nat_gateway')).sort(([a], [b]) => (a < b ? -1 : 1));
  expect(gateways.map(([, gateway]) => /aws_subnet\.(net_public-[a-z])/.exec(gateway['subnet_id'])?.[1])).toEqual(places);
  expect(list('aws_eip')).toHaveLength(places.length);
  const routes = Object.entries(all('aws_route'))
    .filter(([name]) => name.startsWith('net_private'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  expect(routes.map(([, route]) => route['nat_gateway_id'])).toEqual(used.map((index) => `\${aws_nat_gateway.${gateways[index]?.[0]}.id}`));
});

test('the public tier leads to the internet gateway and the database tier nowhere', () => {
  const { all, ref } = network('single');
  const routes = Object.entries(all('aws_route'));
  expect(
    routes.filter(([, route]) => route['gateway_id'] === ref('aws_internet_gateway', 'id')).map(([name]) => name.split('-default')[0]),
  ).toEqual(['net_public']);
  const tables = Object.entries(all('aws_route_table'))
    .filter(([name]) => name.startsWith('net_database'))
    .map(([name]) => `\${aws_route_table.${name}.id}`);
  expect(routes.filter(([, route]) => tables.includes(route['route_table_id']))).toEqual([]);
  const associations = Object.entries(all('aws_route_table_association')).filter(([name]) => name.startsWith('net_database'));
  expect(associations.map(([, one]) => one['route_table_id'])).toEqual([tables[0], tables[0], tables[0]]);
});

test('a number of gateways outside 1 to the number of zones is refused', () => {
  for (const policy of [0, 4, 1.5]) expect(() => network(policy)).toThrow('NAT gateways for 3 zones: give a whole number from 1 to 3');
});

test('every zone uses a gateway that exists, and every gateway is used', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 }), (count, gateways) => {
      fc.pre(gateways <= count);
      const used = natOfZones(gateways, count);
      expect(used).toHaveLength(count);
      expect([...new Set(used)].sort((a, b) => a - b)).toEqual(Array.from({ length: gateways }, (_, index) => index));
    }),
  );
});

test('a tier with fewer blocks than zones, and gateways without a public tier, are refused', () => {
  const build = (tierList: readonly (typeof tiers)[number][]) => () =>
    synthesized((stack) => void new TieredNetwork(stack, 'net', { name: 'x', cidr: '10.0.0.0/16', zones, tiers: tierList, nat: 'single' }));
  expect(build([{ ...tier('public', 101, 'internet'), cidrs: ['10.0.101.0/24'] }])).toThrow('tier public: 1 blocks for 3 zones');
  expect(build([tier('private', 1, 'nat')])).toThrow("network x: NAT gateways need a tier with route 'internet'");
});

test('gateway endpoints hang on the route tables, interface endpoints in the subnets behind their group', () => {
  const { all } = synthesized((stack) => {
    new Endpoints(stack, 'e', {
      name: 'x',
      region: 'eu-central-1',
      vpcId: 'vpc-1',
      gateways: ['s3'],
      routeTableIds: ['rtb-1'],
      interfaces: ['ecr.api'],
      subnetIds: ['subnet-1'],
      securityGroupId: 'sg-1',
    });
  });
  const byService = Object.fromEntries(Object.values(all('aws_vpc_endpoint')).map((endpoint) => [endpoint['service_name'], endpoint]));
  expect(byService['com.amazonaws.eu-central-1.s3']).toMatchObject({ vpc_endpoint_type: 'Gateway', route_table_ids: ['rtb-1'] });
  expect(byService['com.amazonaws.eu-central-1.ecr.api']).toMatchObject({
    vpc_endpoint_type: 'Interface',
    subnet_ids: ['subnet-1'],
    security_group_ids: ['sg-1'],
    private_dns_enabled: true,
  });
});

test('asking for an endpoint that is not there says which there are', () => {
  synthesized((stack) => {
    const endpoints = new Endpoints(stack, 'e', {
      name: 'x',
      region: 'eu-central-1',
      vpcId: 'vpc-1',
      gateways: ['s3'],
      routeTableIds: [],
      interfaces: [],
      subnetIds: [],
      securityGroupId: 'sg-1',
    });
    expect(() => endpoints.endpointId('kms')).toThrow('no endpoint for kms; there are s3');
  });
});

test('flow logs of all traffic go to an encrypted group through a role that can write only there', () => {
  const { one, ref } = synthesized((stack) => {
    new FlowLogs(stack, 'f', {
      vpcId: 'vpc-1',
      account: '123456789012',
      logGroupName: '/vpc/x',
      roleName: 'x-flow',
      retentionDays: 90,
      kmsKeyArn: 'arn:key',
      permissionsBoundary: 'arn:boundary',
    });
  });
  expect(one('aws_flow_log')).toMatchObject({
    vpc_id: 'vpc-1',
    traffic_type: 'ALL',
    log_destination: ref('aws_cloudwatch_log_group', 'arn'),
    iam_role_arn: ref('aws_iam_role', 'arn'),
  });
  expect(one('aws_cloudwatch_log_group')).toMatchObject({ name: '/vpc/x', retention_in_days: 90, kms_key_id: 'arn:key' });
  expect(one('aws_iam_role')).toMatchObject({ name: 'x-flow', permissions_boundary: 'arn:boundary' });
  const group = ref('aws_cloudwatch_log_group', 'arn');
  expect(statements(one('aws_iam_role_policy')['policy'])['WriteFlowLogs']?.['Resource']).toEqual([group, `${group}:*`]);
});
