import type { CloudRecord } from '../../cloud/record';
import type { Brought, ResourceBehaviour, ResourceCall } from '../../engine/context';
import { isList, isObject, isUnknown, textOf, type ObjectValue, type Value } from '../../protocol/value';
import { publicImages } from './images';
import { serviceKeyId } from './owned';

/**
 * Instances of EC2: each has a root volume, as configured or as its image has it, and a volume for each `ebs_block_device`. The volumes are
 * objects of their own, found by what they are attached to; they go with the instance but for those with `delete_on_termination = false`.
 */
const instance: ResourceBehaviour = {
  create: (call, planned) => {
    const device = (name: 'root_block_device' | 'ebs_block_device'): readonly Value[] => {
      const blocks = planned[name] ?? null;
      return (isList(blocks) ? blocks : []).map((one) =>
        isObject(one) ? volumeOf(call, planned, one, name === 'root_block_device' ? rootOf(call, planned) : {}) : one,
      );
    };
    const face = faceOf(call, planned);
    return {
      ...planned,
      ...(face === undefined ? {} : placedBy(face, planned)),
      root_block_device: device('root_block_device'),
      ebs_block_device: device('ebs_block_device'),
    };
  },
  update: (call, planned) => {
    const { cloud, name } = call.provider;
    for (const { type, id, values } of volumesOf(planned).map((device) => volumeRecord(call, planned, device))) {
      const key = cloud.keyOfId(name, call.settings.scope, type, id);
      const record = cloud.read(key);
      if (record !== undefined) cloud.update(key, { ...record, values: { ...record.values, ...values } });
    }
    return planned;
  },
  brings: (call, state) => volumesOf(state).map((device) => volumeRecord(call, state, device)),
  remove: (call, state) => {
    const { cloud, name } = call.provider;
    for (const device of volumesOf(state).filter((one) => one['delete_on_termination'] === false)) {
      const key = cloud.keyOfId(name, call.settings.scope, 'aws_ebs_volume', textOf(device['volume_id']) ?? '');
      const owner = cloud.keyOfId(name, call.settings.scope, call.type, textOf(state['id']) ?? '');
      const [volume, parent] = [cloud.read(key), cloud.read(owner)];
      if (volume === undefined || parent === undefined) continue;
      const children = parent.hidden?.['children'];
      cloud.update(key, { ...volume, hidden: {} });
      cloud.update(owner, {
        ...parent,
        hidden: { ...parent.hidden, children: Array.isArray(children) ? children.filter((one) => one !== key) : [] },
      });
    }
  },
};

export const instanceResources: Readonly<Record<string, ResourceBehaviour>> = {
  aws_instance: instance,
  aws_spot_instance_request: instance,
};

function volumesOf(state: ObjectValue): readonly ObjectValue[] {
  return ['root_block_device', 'ebs_block_device'].flatMap((name) => {
    const blocks = state[name] ?? null;
    return (isList(blocks) ? blocks : []).filter(isObject).filter((one) => (textOf(one['volume_id']) ?? '') !== '');
  });
}

function volumeRecord(call: ResourceCall, state: ObjectValue, device: ObjectValue): Brought {
  const { partition = '', region = '', account = '' } = call.settings.values;
  const id = textOf(device['volume_id']) ?? '';
  const tags = isObject(state['volume_tags']) ? state['volume_tags'] : (device['tags'] ?? {});
  return {
    type: 'aws_ebs_volume',
    id,
    values: {
      arn: `arn:${partition}:ec2:${region}:${account}:volume/${id}`,
      availability_zone: state['availability_zone'],
      create_time: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
      encrypted: device['encrypted'],
      iops: device['iops'],
      kms_key_id: device['kms_key_id'],
      multi_attach_enabled: false,
      outpost_arn: '',
      volume_initialization_rate: 0,
      size: device['volume_size'],
      snapshot_id: device['snapshot_id'] ?? '',
      tags,
      tags_all: isObject(state['volume_tags']) ? tags : (device['tags_all'] ?? tags),
      throughput: device['throughput'],
      type: device['volume_type'],
    },
    hidden: { instance_id: state['id'], device: device['device_name'], status: 'in-use' },
  };
}

/** A block device with everything that EC2 fills in: the image's values, else those of a gp3 volume of 8 GiB. */
function volumeOf(call: ResourceCall, planned: ObjectValue, device: ObjectValue, image: ObjectValue): ObjectValue {
  const { partition = '', region = '', account = '' } = call.settings.values;
  const known = (name: string): Value | undefined => {
    const value = device[name] ?? null;
    return value === null || isUnknown(value) ? undefined : value;
  };
  const type = textOf(known('volume_type')) ?? textOf(image['volume_type']) ?? 'gp3';
  const size = Number(known('volume_size') ?? image['volume_size'] ?? 8);
  const encrypted = known('encrypted') === true || known('kms_key_id') !== undefined;
  const tags = isObject(known('tags')) ? known('tags') : {};
  const filled: ObjectValue = {
    device_name: textOf(image['device_name']) ?? '/dev/xvda',
    encrypted,
    iops: performanceOf(type, size),
    kms_key_id: encrypted ? `arn:${partition}:kms:${region}:${account}:key/${serviceKeyId(account, region, 'ebs')}` : '',
    delete_on_termination: true,
    snapshot_id: '',
    tags_all: isObject(planned['volume_tags']) ? {} : { ...call.settings.defaultTags, ...(isObject(tags) ? tags : {}) },
    throughput: type === 'gp3' ? 125 : 0,
    volume_size: size,
    volume_type: type,
  };
  const open = Object.entries(filled).filter(
    ([name]) => isUnknown(device[name]) || (name === 'delete_on_termination' && device[name] === null),
  );
  return { ...device, ...Object.fromEntries(open) };
}

/** Input and output operations a second of a volume that names none (EBS user guide, "Amazon EBS volume types"). */
function performanceOf(type: string, gibibytes: number): number {
  if (type === 'gp3') return 3000;
  return type === 'gp2' ? Math.min(16_000, Math.max(100, 3 * gibibytes)) : 0;
}

/** The root device of an instance's image; empty where the image is not known. */
function rootOf(call: ResourceCall, planned: ObjectValue): ObjectValue {
  const { region = '', partition = '' } = call.settings.values;
  const id = textOf(planned['ami']) ?? '';
  const { cloud, name } = call.provider;
  const own = cloud.read(cloud.keyOfId(name, call.settings.scope, 'aws_ami', id));
  const values = own?.values ?? publicImages(region, partition).find((one) => one.id === id)?.values;
  if (values === undefined) return {};
  const mappings: unknown = values['block_device_mappings'] ?? values['ebs_block_device'];
  const first: unknown = Array.isArray(mappings)
    ? (mappings.find((one: unknown) => memberOf(one, 'device_name') === values['root_device_name']) ?? mappings[0])
    : undefined;
  const disk = memberOf(first, 'ebs') ?? first;
  const text = (value: unknown): Value => (typeof value === 'string' || typeof value === 'number' ? value : null);
  return {
    device_name: text(values['root_device_name']),
    volume_size: text(memberOf(disk, 'volume_size')),
    volume_type: text(memberOf(disk, 'volume_type')),
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([one]) => one === name)?.[1] : undefined;
}

/** The network interface that an instance is given, as its first. */
function faceOf(call: ResourceCall, planned: ObjectValue): CloudRecord | undefined {
  const { cloud, name } = call.provider;
  const named = ['primary_network_interface', 'network_interface']
    .flatMap((block) => (isList(planned[block] ?? null) ? (planned[block] as readonly Value[]) : []))
    .filter(isObject)
    .find((one) => one['device_index'] === undefined || Number(one['device_index']) === 0);
  const id = textOf(named?.['network_interface_id']);
  return id === undefined ? undefined : cloud.read(cloud.keyOfId(name, call.settings.scope, 'aws_network_interface', id));
}

/** What an instance has of the interface that it is given. */
function placedBy(face: CloudRecord, planned: ObjectValue): ObjectValue {
  const { private_ip: address, subnet_id: subnet, availability_zone: zone, security_groups: groups } = face.values;
  const facts: Readonly<Record<string, unknown>> = {
    primary_network_interface_id: face.id,
    private_ip: address,
    subnet_id: subnet,
    availability_zone: zone,
    vpc_security_group_ids: groups,
  };
  const open = Object.entries(facts).flatMap(([name, value]): [string, Value][] =>
    !isUnknown(planned[name])
      ? []
      : typeof value === 'string'
        ? [[name, value]]
        : Array.isArray(value)
          ? [[name, value.filter((one) => typeof one === 'string')]]
          : [],
  );
  return Object.fromEntries(open);
}
