import type { CloudRecord } from '../../cloud/record';
import type { ProviderKind, ResourceCall } from '../../engine/context';
import { isList, isObject, isUnknown, type ObjectValue, type Value } from '../../protocol/value';
import { freeAddressIn } from '../../values/free-address';
import { RandomStream } from '../../values/random-stream';

/** Google keeps the first two addresses and the last two of each block for itself (Google, "Subnets", unusable addresses). */
const kept = { first: 2, last: 2 };

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Addresses of Google: external ones of the block for documentation, internal ones the first that is free in the subnet. What is known stays. */
export function placedGoogle(call: ResourceCall, planned: ObjectValue): ObjectValue {
  if (call.type === 'google_compute_address' || call.type === 'google_compute_global_address') return addressOf(call, planned);
  if (call.type === 'google_compute_instance') return instanceOf(call, planned);
  return planned;
}

function addressOf(call: ResourceCall, planned: ObjectValue): ObjectValue {
  const isInternal = planned['address_type'] === 'INTERNAL';
  const isRegional = call.type === 'google_compute_address';
  const subnet = isInternal && isRegional ? subnetOf(call, planned, call.settings.values['region'] ?? '') : undefined;
  return opened(planned, {
    address: isInternal ? (subnet === undefined ? undefined : freeIn(call, subnet)) : external(call, planned),
    subnetwork: subnet === undefined ? '' : text(subnet.values['self_link']),
    network_tier: isInternal ? '' : 'PREMIUM',
    purpose: isInternal && isRegional ? 'GCE_ENDPOINT' : '',
    users: [],
  });
}

function instanceOf(call: ResourceCall, planned: ObjectValue): ObjectValue {
  const region =
    text(planned['zone'])
      .split('/')
      .at(-1)
      ?.replace(/-[a-z]$/, '') ?? '';
  const taken: string[] = [];
  const faces = listOf(planned['network_interface']).map((face, index): Value => {
    if (!isObject(face)) return face;
    const subnet = subnetOf(call, face, region);
    const address = isUnknown(face['network_ip']) && subnet !== undefined ? freeIn(call, subnet, taken) : undefined;
    if (address !== undefined) taken.push(address);
    const outside = listOf(face['access_config']).map((one): Value =>
      isObject(one) ? opened(one, { nat_ip: external(call, { ...planned, index }), network_tier: 'PREMIUM' }) : one,
    );
    return {
      ...opened(face, {
        name: `nic${index}`,
        network_ip: address,
        subnetwork: subnet === undefined ? undefined : text(subnet.values['self_link']),
        network: subnet === undefined ? undefined : text(subnet.values['network']),
        subnetwork_project: call.settings.values['project'],
        stack_type: 'IPV4_ONLY',
        ipv6_access_type: '',
      }),
      ...(isList(face['access_config'] ?? null) ? { access_config: outside } : {}),
    };
  });
  return {
    ...opened(planned, {
      current_status: 'RUNNING',
      cpu_platform: 'Intel Broadwell',
      instance_id: new RandomStream(`instance ${JSON.stringify(planned['name'] ?? '')} ${call.settings.scope}`).digits(19),
    }),
    ...(isList(planned['network_interface'] ?? null) ? { network_interface: faces } : {}),
  };
}

/** The subnet that a place names, or the one of its network in a region. */
function subnetOf(call: ResourceCall, place: ObjectValue, region: string): CloudRecord | undefined {
  const { cloud, name, kind } = call.provider;
  kind.furnish?.(call.provider, call.settings, 'google_compute_subnetwork');
  const last = (value: unknown): string => text(value).split('/').at(-1) ?? '';
  const [wanted, network] = [last(place['subnetwork']), last(place['network']) || 'default'];
  return cloud
    .list(name, 'google_compute_subnetwork', call.settings.scope)
    .map(({ record }) => record)
    .find(
      ({ values }) =>
        last(values['region']) === region && (wanted === '' ? last(values['network']) === network : values['name'] === wanted),
    );
}

function freeIn(call: ResourceCall, subnet: CloudRecord, besides: readonly string[] = []): string | undefined {
  const { cloud, name } = call.provider;
  const { scope } = call.settings;
  const machines = cloud.list(name, 'google_compute_instance', scope).flatMap(({ record: { values } }) => values['network_interface']);
  const faces = machines.flatMap((one: unknown) =>
    typeof one === 'object' && one !== null && 'network_ip' in one ? [text(one.network_ip)] : [],
  );
  const reserved = cloud.list(name, 'google_compute_address', scope).map(({ record: { values } }) => text(values['address']));
  return freeAddressIn(text(subnet.values['ip_cidr_range']), new Set([...besides, ...faces, ...reserved]), kept);
}

function external(call: ResourceCall, planned: ObjectValue): string {
  return `203.0.113.${1 + new RandomStream(`${call.type} ${call.settings.scope} ${JSON.stringify(planned)}`).number(253)}`;
}

/** What Google says of a resource beside what terraform's resource holds (Compute Engine API reference). */
export const followsGoogle: NonNullable<ProviderKind['follows']> = ({ type, provider: { cloud, name: provider } }, block, name) => {
  if (block.attributes?.[name] !== undefined) return undefined;
  if (name === 'subnetworks_self_links' && type === 'google_compute_network')
    return ({ scope, values }) =>
      cloud
        .list(provider, 'google_compute_subnetwork', scope)
        .filter(({ record }) => text(record.values['network']).split('/').at(-1) === values['name'])
        .map(({ record }) => text(record.values['self_link']));
  const statuses: Readonly<Record<string, string>> = {
    google_compute_address: 'RESERVED',
    google_compute_global_address: 'RESERVED',
    google_compute_image: 'READY',
  };
  const status = name === 'status' ? statuses[type] : undefined;
  return status === undefined ? undefined : () => status;
};

function listOf(value: Value | undefined): readonly Value[] {
  return isList(value) ? value : [];
}

function opened(planned: ObjectValue, facts: Readonly<Record<string, Value | undefined>>): ObjectValue {
  const open = Object.entries(facts).flatMap(([name, value]): [string, Value][] =>
    value !== undefined && isUnknown(planned[name]) ? [[name, value]] : [],
  );
  return { ...planned, ...Object.fromEntries(open) };
}
