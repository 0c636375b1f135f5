import type { CloudRecord } from '../../cloud/record';
import type { ProviderContext, Settings } from '../../engine/context';
import { RandomStream } from '../../values/random-stream';
import { zonesOf } from './zones';

/** Types of which an account has some in each region before it makes any. */
const types = new Set([
  'aws_vpc',
  'aws_subnet',
  'aws_security_group',
  'aws_route_table',
  'aws_network_acl',
  'aws_internet_gateway',
  'aws_vpc_dhcp_options',
]);

/**
 * The default VPC of an account in a region, with a subnet in each zone, internet gateway, main route table, security group, network ACL and
 * DHCP options, as AWS makes them (VPC user guide, "Default VPCs"). Made when a type of it is first asked for; what is removed stays removed.
 */
export function furnishAws({ cloud, name: provider }: ProviderContext, { scope, values }: Settings, type: string): void {
  const { account = '', region = '', partition = 'aws' } = values;
  if (!types.has(type) || scope !== `${account}/${region}`) return;
  const random = new RandomStream(`default network of ${scope}`);
  const [vpc, table, acl, group, gateway, options] = ['vpc', 'rtb', 'acl', 'sg', 'igw', 'dopt'].map((kind) => `${kind}-${random.hex(17)}`);
  const owner = cloud.keyOfId(provider, scope, 'aws_vpc', vpc ?? '');
  const arn = (kind: string, id = ''): string => `arn:${partition}:ec2:${region}:${account}:${kind}/${id}`;
  const make = (
    made: string,
    id: string | undefined,
    own: Readonly<Record<string, unknown>>,
    hidden: Readonly<Record<string, unknown>> = {},
  ): boolean => {
    const common = { id, region, owner_id: account, tags: {}, tags_all: {} };
    const record: CloudRecord = {
      version: 1,
      provider,
      type: made,
      scope,
      id: id ?? '',
      created: 0,
      values: { ...common, ...own },
      hidden: { ...hidden, furnished: true },
    };
    return cloud.create(record, true) !== undefined;
  };
  const isNew = make(
    'aws_vpc',
    vpc,
    {
      arn: arn('vpc', vpc),
      cidr_block: '172.31.0.0/16',
      instance_tenancy: 'default',
      enable_dns_support: true,
      enable_dns_hostnames: true,
      enable_network_address_usage_metrics: false,
      assign_generated_ipv6_cidr_block: false,
      dhcp_options_id: options,
      main_route_table_id: table,
      default_route_table_id: table,
      default_network_acl_id: acl,
      default_security_group_id: group,
      ipv6_association_id: '',
      ipv6_cidr_block: '',
      ipv6_cidr_block_network_border_group: '',
      ipv6_ipam_pool_id: '',
      ipv6_netmask_length: 0,
    },
    { default: true },
  );
  if (!isNew) return;
  const subnets = zonesOf(region).map((zone, index) => ({ zone, id: `subnet-${random.hex(17)}`, cidr: `172.31.${index * 16}.0/20` }));
  for (const { zone, id, cidr } of subnets)
    make(
      'aws_subnet',
      id,
      {
        arn: arn('subnet', id),
        vpc_id: vpc,
        cidr_block: cidr,
        availability_zone: zone.name,
        availability_zone_id: zone.id,
        map_public_ip_on_launch: true,
        assign_ipv6_address_on_creation: false,
        enable_dns64: false,
        ipv6_native: false,
        private_dns_hostname_type_on_launch: 'ip-name',
      },
      { default_for_az: true },
    );
  make('aws_internet_gateway', gateway, { arn: arn('internet-gateway', gateway), vpc_id: vpc });
  make(
    'aws_route_table',
    table,
    { arn: arn('route-table', table), vpc_id: vpc, route: [{ cidr_block: '0.0.0.0/0', gateway_id: gateway }], propagating_vgws: [] },
    { main: true, owner },
  );
  const anyone = { from_port: 0, to_port: 0, protocol: '-1' };
  make(
    'aws_security_group',
    group,
    {
      arn: arn('security-group', group),
      name: 'default',
      description: 'default VPC security group',
      vpc_id: vpc,
      ingress: [{ ...anyone, self: true, cidr_blocks: [] }],
      egress: [{ ...anyone, self: false, cidr_blocks: ['0.0.0.0/0'] }],
    },
    { owner },
  );
  make(
    'aws_network_acl',
    acl,
    { arn: arn('network-acl', acl), vpc_id: vpc, subnet_ids: subnets.map(({ id }) => id) },
    { default: true, owner },
  );
  make(
    'aws_vpc_dhcp_options',
    options,
    {
      arn: arn('dhcp-options', options),
      domain_name: region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`,
      domain_name_servers: ['AmazonProvidedDNS'],
    },
    { default: true },
  );
}
