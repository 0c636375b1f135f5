import type { CloudRecord } from '../../cloud/record';
import type { ResourceCall } from '../../engine/context';
import type { Block } from '../../schema/schema';
import { isList, isObject, isUnknown, textOf, type ObjectValue, type Value } from '../../protocol/value';
import { awsTable } from '../../tables/aws';
import { RandomStream } from '../../values/random-stream';
import { describedAws } from './described';
import { managedSecret } from './managed-secret';
import { prefixLists } from './owned';
import { zonesOf } from './zones';

/** Attributes that hold subnets. */
const subnetLists = ['subnet_ids', 'subnets', 'vpc_zone_identifier'];

/** Types whose security groups are those of the VPC where none are given, with the attribute that holds them. */
const guarded: Readonly<Record<string, string>> = {
  aws_instance: 'vpc_security_group_ids',
  aws_network_interface: 'security_groups',
  aws_efs_mount_target: 'security_groups',
};

/**
 * Computed values that follow from where a resource stands: VPC, zone, address and security group from its subnet, the zone's id from the
 * zone, the prefix list of a gateway endpoint from its service, the hosted zone of a load balancer or bucket from the region. What is known stays.
 */
export function placedAws(call: ResourceCall, planned: ObjectValue): ObjectValue {
  const facts: ObjectValue = { ...bySubnet(call, planned), ...byRegion(call, planned), ...managedSecret(call.settings, planned) };
  const inside = Object.entries(planned).flatMap(([name, value]): [string, Value][] =>
    isList(value) &&
    value.some((one) => isObject(one) && isUnknown(one['vpc_id']) && [...subnetLists, 'subnet_id'].some((each) => each in one))
      ? [[name, value.map((one) => (isObject(one) ? inVpc(call, one) : one))]]
      : [],
  );
  const open = Object.entries(facts).filter(([name, value]) => isUnknown(planned[name]) && value !== undefined);
  return open.length + inside.length === 0 ? planned : { ...planned, ...Object.fromEntries([...inside, ...open]) };
}

/** What a resource in a subnet has of it: the VPC and the zone. Refers to records of types that name a subnet and do not say these themselves. */
export function followsAws(call: ResourceCall, block: Block, name: string): ((record: CloudRecord) => unknown) | undefined {
  const described = block.attributes?.[name] === undefined ? describedAws(call, name) : undefined;
  if (described !== undefined) return described;
  if (call.type === 'aws_network_interface' && name === 'association') return addressesOf(call);
  if (!/^(vpc_id|availability_zone|availability_zone_id)$/.test(name) || block.attributes?.[name] !== undefined) return undefined;
  if (!subnetLists.some((one) => block.attributes?.[one] !== undefined) && block.attributes?.['subnet_id'] === undefined) return undefined;
  const { cloud, name: provider } = call.provider;
  return ({ scope, values }) => {
    const named = [values['subnet_id'], ...subnetLists.map((one) => values[one])]
      .flat()
      .find((one) => typeof one === 'string' && one !== '');
    return typeof named === 'string' ? cloud.read(cloud.keyOfId(provider, scope, 'aws_subnet', named))?.values[name] : undefined;
  };
}

/** The elastic address of a network interface, or of the instance that it is the first of. */
function addressesOf(call: ResourceCall): (record: CloudRecord) => unknown {
  const { cloud, name } = call.provider;
  return ({ id, hidden, scope }) => {
    const names = (values: CloudRecord['values']): boolean =>
      [values['network_interface'], values['network_interface_id']].includes(id) ||
      (typeof hidden?.['instance_id'] === 'string' && [values['instance'], values['instance_id']].includes(hidden['instance_id']));
    const tied = cloud.list(name, 'aws_eip_association', scope).find(({ record }) => names(record.values))?.record.values['allocation_id'];
    const eip = cloud.list(name, 'aws_eip', scope).find(({ record }) => record.id === tied || names(record.values))?.record;
    const { public_ip: address, public_dns: dns } = eip?.values ?? {};
    return eip === undefined
      ? []
      : [
          {
            allocation_id: eip.id,
            association_id: eip.values['association_id'],
            public_ip: address,
            public_dns_name: dns,
            ip_owner_id: scope.split('/')[0],
          },
        ];
  };
}

function bySubnet(call: ResourceCall, planned: ObjectValue): ObjectValue {
  const attributes = call.schema.block.attributes ?? {};
  const subnet = subnetOf(call, planned);
  if (subnet === undefined || call.type === 'aws_subnet') return {};
  const { vpc_id: vpc = null, availability_zone: zone = null, cidr_block: block } = subnet.values;
  const standsInOne = attributes['subnet_id'] !== undefined;
  const address = standsInOne && typeof block === 'string' ? addressIn(block, `${call.type} ${JSON.stringify(planned)}`) : undefined;
  const isPublic =
    planned['associate_public_ip_address'] === true ||
    (isOpen(planned['associate_public_ip_address']) && subnet.values['map_public_ip_on_launch'] === true);
  const groups = guarded[call.type];
  return {
    vpc_id: textValue(vpc),
    ...(standsInOne ? { subnet_id: subnet.id, availability_zone: textValue(zone) } : {}),
    ...(zone === null || !standsInOne ? {} : { availability_zone_id: zoneId(call, String(zone)), availability_zone_name: textValue(zone) }),
    ...(address === undefined ? {} : { private_ip: address, private_ips: [address] }),
    ...(address !== undefined && call.type === 'aws_efs_mount_target' ? { ip_address: address } : {}),
    ...(call.type === 'aws_network_interface' ? { interface_type: 'interface', private_ips_count: 0 } : {}),
    ...(call.type === 'aws_instance' && isPublic ? publicAddress(call, planned) : {}),
    ...(groups === undefined ? {} : { [groups]: defaultGroup(call, String(vpc ?? '')) }),
  };
}

function byRegion(call: ResourceCall, planned: ObjectValue): ObjectValue {
  const { region = '', partition = 'aws' } = call.settings.values;
  const { hostedZones } = awsTable();
  switch (call.type) {
    case 'aws_subnet': {
      const zones = zonesOf(region);
      const given = textOf(planned['availability_zone']);
      const zone = zones.find(({ id }) => id === textOf(planned['availability_zone_id'])) ?? zones.find(({ name }) => name === given);
      const [first] = given === undefined ? zones : [];
      const one = zone ?? first;
      return one === undefined ? {} : { availability_zone: one.name, availability_zone_id: one.id };
    }
    case 'aws_lb':
    case 'aws_alb': {
      const zone = hostedZones[planned['load_balancer_type'] === 'network' ? 'network' : 'application'][region];
      return zone === undefined ? {} : { zone_id: zone };
    }
    case 'aws_elb': {
      const zone = hostedZones.application[region];
      return zone === undefined ? {} : { zone_id: zone };
    }
    case 'aws_s3_bucket': {
      const zone = hostedZones.website[region];
      return zone === undefined ? {} : { hosted_zone_id: zone };
    }
    case 'aws_vpc_endpoint': {
      const list = prefixLists(region, partition).find(({ values }) => values['name'] === planned['service_name']);
      if (planned['vpc_endpoint_type'] !== 'Gateway') return { prefix_list_id: null, cidr_blocks: [] };
      return list === undefined ? {} : { prefix_list_id: list.id, cidr_blocks: (list.values['cidr_blocks'] as readonly Value[]).slice() };
    }
    default:
      return {};
  }
}

/** A block of subnets with the VPC that they are in; empty where there is none. */
function inVpc(call: ResourceCall, block: ObjectValue): ObjectValue {
  const zones = (isList(block['subnet_ids'] ?? null) ? (block['subnet_ids'] as readonly Value[]) : [])
    .map((one) => subnetOf(call, { subnet_id: one })?.values['availability_zone'])
    .filter((one) => typeof one === 'string');
  return {
    ...block,
    vpc_id: textValue(subnetOf(call, block)?.values['vpc_id'] ?? ''),
    ...(isUnknown(block['availability_zones']) ? { availability_zones: [...new Set(zones)].sort() } : {}),
  };
}

/** The subnet that a resource names first; the default one of its zone for an instance that names none. */
function subnetOf(call: ResourceCall, planned: ObjectValue): CloudRecord | undefined {
  const { cloud, kind, name } = call.provider;
  const { scope } = call.settings;
  const lists = subnetLists.flatMap((one) => (isList(planned[one] ?? null) ? (planned[one] as readonly Value[]) : []));
  const [mapped] = isList(planned['subnet_mapping'] ?? null) ? (planned['subnet_mapping'] as readonly Value[]) : [];
  const inMapping = isObject(mapped ?? null) ? textOf((mapped as ObjectValue)['subnet_id']) : undefined;
  const named = textOf(planned['subnet_id']) ?? inMapping ?? lists.map((one) => textOf(one)).find((one) => one !== undefined);
  if (named !== undefined) return cloud.read(cloud.keyOfId(name, scope, 'aws_subnet', named));
  if (call.type !== 'aws_instance' || !isUnknown(planned['subnet_id'])) return undefined;
  kind.furnish?.(call.provider, call.settings, 'aws_subnet');
  const wanted = textOf(planned['availability_zone']);
  return cloud
    .list(name, 'aws_subnet', scope)
    .map(({ record }) => record)
    .find(({ hidden, values }) => hidden?.['default_for_az'] === true && (wanted === undefined || values['availability_zone'] === wanted));
}

function defaultGroup(call: ResourceCall, vpc: string): readonly Value[] | undefined {
  const { cloud, name } = call.provider;
  const group = cloud.read(cloud.keyOfId(name, call.settings.scope, 'aws_vpc', vpc))?.values['default_security_group_id'];
  return typeof group === 'string' ? [group] : undefined;
}

/** An address of a block that AWS does not keep for itself (the first four and the last). */
function addressIn(block: string, seed: string): string | undefined {
  const found = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(block);
  if (found === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, bits = 24] = found.slice(1).map(Number);
  const size = 2 ** (32 - bits);
  if (size < 8) return undefined;
  const address = ((a * 256 + b) * 256 + c) * 256 + d + 4 + new RandomStream(seed).number(size - 5);
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

function publicAddress(call: ResourceCall, planned: ObjectValue): ObjectValue {
  const address = `203.0.113.${1 + new RandomStream(`public ${JSON.stringify(planned)}`).number(253)}`;
  const region = call.settings.values['region'] ?? '';
  return { public_ip: address, public_dns: `ec2-${address.replaceAll('.', '-')}.${region}.compute.amazonaws.com` };
}

function zoneId(call: ResourceCall, zone: string): Value {
  return zonesOf(call.settings.values['region'] ?? '').find(({ name }) => name === zone)?.id ?? null;
}

function isOpen(value: Value | undefined): boolean {
  return value === undefined || value === null || isUnknown(value);
}

function textValue(value: unknown): Value {
  return typeof value === 'string' ? value : null;
}
