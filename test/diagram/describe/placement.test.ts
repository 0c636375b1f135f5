import { expect, test } from '@jest/globals';

import { placementsOf, tierName } from '../../../terrace/diagram/describe/placement';
import { graphOf, shop, type FixtureUnit } from '../_fixtures';

const vpc = 'shop/dev/eu-central-1/network/vpc#aws_vpc.main';
const subnet = (name: string): string => `shop/dev/eu-central-1/network/vpc#aws_subnet.${name}`;
const placements = placementsOf(graphOf(shop));
const place = (address: string): unknown => placements.get(`shop/dev/eu-central-1/${address}`);

test('who names subnets of one tier lies in that tier, across units', () => {
  expect(place('compute/api#aws_ecs_service.api')).toEqual({ network: vpc, subnets: [subnet('private-a'), subnet('private-b')] });
});

test('one subnet of a tier means the tier', () => {
  expect(place('network/vpc#aws_nat_gateway.main')).toEqual({ network: vpc, subnets: [subnet('public-a'), subnet('public-b')] });
});

test('a subnet group carries its subnets to the database', () => {
  expect(place('storage/aurora#aws_rds_cluster.main')).toEqual({ network: vpc, subnets: [subnet('private-a'), subnet('private-b')] });
});

test('who names the network alone lies in the network', () => {
  expect(place('network/alb#aws_lb_target_group.api')).toEqual({ network: vpc, subnets: [] });
});

test('who names neither lies in none', () => {
  expect(place('security/kms#aws_kms_key.main')).toBeUndefined();
});

test('a membership resource places the member', () => {
  const units: FixtureUnit[] = [
    {
      path: 't/p/eu/network/n',
      json: {
        resource: {
          hcloud_network: { n: { ip_range: '10.0.0.0/16' } },
          hcloud_network_subnet: { public: { network_id: '${hcloud_network.n.id}' } },
          hcloud_load_balancer: { lb: {} },
          hcloud_load_balancer_network: {
            lb: { load_balancer_id: '${hcloud_load_balancer.lb.id}', subnet_id: '${hcloud_network_subnet.public.id}' },
          },
        },
      },
    },
  ];
  expect(placementsOf(graphOf(units)).get('t/p/eu/network/n#hcloud_load_balancer.lb')).toEqual({
    network: 't/p/eu/network/n#hcloud_network.n',
    subnets: ['t/p/eu/network/n#hcloud_network_subnet.public'],
  });
});

test('who spans several tiers lies in the network as a whole', () => {
  const units: FixtureUnit[] = [
    {
      path: 't/p/eu/network/n',
      json: {
        resource: {
          aws_vpc: { v: {} },
          aws_subnet: { 'public-a': { vpc_id: '${aws_vpc.v.id}' }, 'private-a': { vpc_id: '${aws_vpc.v.id}' } },
          aws_eks_cluster: { c: { vpc_config: { subnet_ids: ['${aws_subnet.public-a.id}', '${aws_subnet.private-a.id}'] } } },
        },
      },
    },
  ];
  expect(placementsOf(graphOf(units)).get('t/p/eu/network/n#aws_eks_cluster.c')).toEqual({
    network: 't/p/eu/network/n#aws_vpc.v',
    subnets: [],
  });
});

test.each([
  ['private-a', 'private'],
  ['private_b', 'private'],
  ['private-eu-central-1c', 'private'],
  ['network_private-a_492DDEA9', 'network_private'],
  ['data2', 'data'],
  ['public', 'public'],
  ['database', 'database'],
  ['shared', 'shared'],
  ['a', 'a'],
])('the tier of a subnet called %s is %s', (name, tier) => {
  expect(tierName(name)).toBe(tier);
});
