import type { Brought, ProviderKind } from '../engine/context';
import { Refusal } from '../engine/refusal';
import { isObject, isUnknown, textOf, type ObjectValue } from '../protocol/value';
import { hcloudFunctions } from './functions';
import { addressIn } from './hcloud-address';
import { RandomStream } from '../values/random-stream';
import { plainKind } from './plain';

const serverTypes: Readonly<
  Record<string, { readonly cores: number; readonly memory: number; readonly disk: number; readonly arm: boolean }>
> = {
  cx22: { cores: 2, memory: 4, disk: 40, arm: false },
  cx23: { cores: 2, memory: 4, disk: 40, arm: false },
  cx32: { cores: 4, memory: 8, disk: 80, arm: false },
  cx33: { cores: 4, memory: 8, disk: 80, arm: false },
  cx42: { cores: 8, memory: 16, disk: 160, arm: false },
  cx43: { cores: 8, memory: 16, disk: 160, arm: false },
  cx52: { cores: 16, memory: 32, disk: 320, arm: false },
  cx53: { cores: 16, memory: 32, disk: 320, arm: false },
  cpx11: { cores: 2, memory: 2, disk: 40, arm: false },
  cpx21: { cores: 3, memory: 4, disk: 80, arm: false },
  cpx31: { cores: 4, memory: 8, disk: 160, arm: false },
  cax11: { cores: 2, memory: 4, disk: 40, arm: true },
  cax21: { cores: 4, memory: 8, disk: 80, arm: true },
  cax31: { cores: 8, memory: 16, disk: 160, arm: true },
  cax41: { cores: 16, memory: 32, disk: 320, arm: true },
  ccx13: { cores: 2, memory: 8, disk: 80, arm: false },
  ccx23: { cores: 4, memory: 16, disk: 160, arm: false },
  ccx33: { cores: 8, memory: 32, disk: 240, arm: false },
};

const locations: Readonly<Record<string, { readonly city: string; readonly country: string; readonly zone: string }>> = {
  fsn1: { city: 'Falkenstein', country: 'DE', zone: 'eu-central' },
  nbg1: { city: 'Nuremberg', country: 'DE', zone: 'eu-central' },
  hel1: { city: 'Helsinki', country: 'FI', zone: 'eu-central' },
  ash: { city: 'Ashburn, VA', country: 'US', zone: 'us-east' },
  hil: { city: 'Hillsboro, OR', country: 'US', zone: 'us-west' },
  sin: { city: 'Singapore', country: 'SG', zone: 'ap-southeast' },
};

/** Load balancers by size: services, targets, connections and certificates at most (Hetzner documentation, "Load Balancers, technical details"). */
const loadBalancerTypes = (
  [
    ['lb11', 5, 25, 10_000, 10],
    ['lb21', 15, 75, 20_000, 25],
    ['lb31', 30, 150, 40_000, 50],
  ] as const
).map(([name, services, targets, connections, certificates], index) => ({
  id: index + 1,
  name,
  description: name.toUpperCase(),
  max_services: services,
  max_targets: targets,
  max_connections: connections,
  max_assigned_certificates: certificates,
  is_deprecated: false,
  deprecation_announced: null,
  unavailable_after: null,
}));

/** Hetzner Cloud: ids are numbers; images, locations and server types are those that exist. */
export const hcloudKind: ProviderKind = plainKind(
  {},
  {
    idTemplate: () => '{digits:8}',
    functions: hcloudFunctions,
    placed: (call, planned) => {
      if (call.type === 'hcloud_server_network' && isUnknown(planned['ip'])) return { ...planned, ip: addressIn(call, planned) };
      const location = textOf(planned['location']);
      const center = datacenters.find(([name]) => name.split('-')[0] === location)?.[0];
      return center !== undefined && isUnknown(planned['datacenter']) ? { ...planned, datacenter: center } : planned;
    },
    resources: {
      hcloud_server: {
        plan: (_, planned) => {
          const type = textOf(planned['server_type']);
          const location = textOf(planned['location']);
          if (type !== undefined && !/^c(x|px|ax|cx)\d+$/.test(type))
            throw new Refusal("invalid input in field 'server_type'", `server type ${type} not found`, 'server_type');
          if (location !== undefined && locations[location] === undefined)
            throw new Refusal("invalid input in field 'location'", `location ${location} not found`, 'location');
          if (
            planned['delete_protection'] !== planned['rebuild_protection'] &&
            (planned['delete_protection'] ?? false) !== (planned['rebuild_protection'] ?? false)
          ) {
            throw new Refusal('delete_protection and rebuild_protection must be the same value', '', 'rebuild_protection');
          }
          return planned;
        },
        brings: (_, state) => addressesOf(state),
        remove: (_, state) => {
          if (state['delete_protection'] === true)
            throw new Refusal('deleting hcloud_server', `server ${String(state['name'])} is delete protected (protected)`);
        },
      },
    },
    dataSources: {
      hcloud_image: (_, config) => imageOf(config),
      hcloud_images: (_, config) => ({ id: 'images', images: systemImages(config) }),
      hcloud_datacenters: () => ({
        id: 'datacenters',
        names: datacenters.map(([name]) => name),
        datacenter_ids: datacenters.map(([, id]) => String(id)),
        descriptions: datacenters.map(([name]) => name),
        datacenters: datacenters.map(datacenterOf),
      }),
      hcloud_datacenter: (_, config) => {
        const found = datacenters.find(([name, id]) => name === config['name'] || String(id) === String(config['id'] ?? ''));
        if (found === undefined) throw new Refusal('datacenter not found', String(config['name'] ?? config['id'] ?? ''), 'name');
        return datacenterOf(found);
      },
      hcloud_load_balancer_types: () => ({ id: 'load_balancer_types', load_balancer_types: loadBalancerTypes }),
      hcloud_load_balancer_type: ({ type }, config) => {
        const found = loadBalancerTypes.find(({ id, name }) => name === config['name'] || String(id) === String(config['id'] ?? ''));
        if (found === undefined)
          throw new Refusal(`reading ${type}`, `the table has ${loadBalancerTypes.map(({ name }) => name).join(', ')}`, 'name');
        return found;
      },
      hcloud_server_types: () => ({
        id: 'server_types',
        names: Object.keys(serverTypes),
        server_type_ids: Object.keys(serverTypes).map((_, index) => String(index + 1)),
        descriptions: Object.keys(serverTypes).map((name) => name.toUpperCase()),
        server_types: Object.keys(serverTypes).map((name) => serverTypeOf({ name })),
      }),
      hcloud_location: (_, config) => locationOf(config),
      hcloud_locations: () => ({
        id: 'locations',
        names: Object.keys(locations),
        location_ids: Object.keys(locations).map((_, index) => String(index + 1)),
        descriptions: Object.keys(locations).map((name) => String(locationOf({ name })['description'])),
        locations: Object.keys(locations).map((name) => locationOf({ name })),
      }),
      hcloud_server_type: (_, config) => serverTypeOf(config),
    },
  },
);

function locationOf(config: ObjectValue): ObjectValue {
  const name = textOf(config['name']) ?? Object.keys(locations)[Number(config['id'] ?? 1) - 1] ?? '';
  const found = locations[name];
  if (found === undefined) throw new Refusal('location not found', name, 'name');
  return {
    id: Object.keys(locations).indexOf(name) + 1,
    name,
    city: found.city,
    country: found.country,
    network_zone: found.zone,
    description: `${found.city} DC`,
    latitude: 50,
    longitude: 12,
  };
}

function serverTypeOf(config: ObjectValue): ObjectValue {
  const name = textOf(config['name']) ?? Object.keys(serverTypes)[Number(config['id'] ?? 1) - 1] ?? '';
  const found = serverTypes[name];
  if (found === undefined) throw new Refusal('server type not found', name, 'name');
  return {
    id: Object.keys(serverTypes).indexOf(name) + 1,
    name,
    description: name.toUpperCase(),
    cores: found.cores,
    memory: found.memory,
    disk: found.disk,
    architecture: found.arm ? 'arm' : 'x86',
    cpu_type: name.startsWith('ccx') ? 'dedicated' : 'shared',
    storage_type: 'local',
    category: null,
    deprecation_announced: null,
    is_deprecated: false,
    unavailable_after: null,
  };
}

function imageOf(config: ObjectValue): ObjectValue {
  // System images have no labels: a selector finds snapshots alone, of which nobody makes any here.
  const selector = textOf(config['with_selector']) ?? textOf(config['selector']) ?? '';
  if (selector !== '') throw new Refusal('image not found', `no image found for selector: ${selector}`, 'with_selector');
  const name = textOf(config['name']);
  if (name !== undefined && !/^(ubuntu|debian|fedora|rocky|alma|centos-stream|opensuse|docker|wordpress)[-a-z0-9.]*$/.test(name))
    throw new Refusal('image not found', `no image named ${name}`, 'name');
  const flavor = name?.split('-')[0] ?? 'unknown';
  const architecture = textOf(config['with_architecture']) ?? 'x86';
  const number = Array.from(`${name ?? ''}${architecture}`).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 100_000_000, 7);
  return {
    id: config['id'] ?? 100_000_000 + number,
    name: name ?? null,
    architecture,
    os_flavor: flavor,
    os_version: name?.split('-')[1] ?? '',
    type: 'system',
    description: name ?? '',
    rapid_deploy: true,
    deprecated: '',
    labels: isObject(config['labels'] ?? null) ? (config['labels'] ?? null) : {},
  };
}

/** Data centers with their ids (Hetzner Cloud API, /datacenters). */
const datacenters: readonly (readonly [string, number])[] = [
  ['nbg1-dc3', 2],
  ['hel1-dc2', 3],
  ['fsn1-dc14', 4],
  ['ash-dc1', 5],
  ['hil-dc1', 6],
  ['sin-dc1', 7],
];

function datacenterOf([name, id]: readonly [string, number]): ObjectValue {
  const location = name.split('-')[0] ?? '';
  const { city = '', country = '', zone = '' } = locations[location] ?? {};
  const types = Object.keys(serverTypes).map((_, index) => index + 1);
  return {
    id,
    name,
    description: `${city} DC`,
    location: {
      id: String(Object.keys(locations).indexOf(location) + 1),
      name: location,
      description: city,
      city,
      country,
      network_zone: zone,
    },
    supported_server_type_ids: types,
    available_server_type_ids: types,
  };
}

/** System images of Hetzner (Hetzner Cloud API, /images of type system). */
const imageNames = [
  'alma-9',
  'centos-stream-9',
  'debian-12',
  'debian-13',
  'fedora-42',
  'opensuse-15',
  'rocky-9',
  'ubuntu-22.04',
  'ubuntu-24.04',
];

function systemImages(config: ObjectValue): ObjectValue[] {
  if ((textOf(config['with_selector']) ?? '') !== '') return [];
  const wanted = config['with_architecture'];
  const architectures = Array.isArray(wanted) && wanted.length > 0 ? wanted.map(String) : ['x86', 'arm'];
  return imageNames.flatMap((name) => architectures.map((architecture) => imageOf({ name, with_architecture: architecture })));
}

/** A server that names no primary IPs gets new ones, which go with it. */
function addressesOf(state: ObjectValue): readonly Brought[] {
  const net = Array.isArray(state['public_net']) ? state['public_net'][0] : undefined;
  const given: ObjectValue = isObject(net ?? null) ? net : {};
  return (['ipv4', 'ipv6'] as const).flatMap((kind) => {
    const address = textOf(state[`${kind}_address`]);
    if (
      address === undefined ||
      address === '' ||
      given[`${kind}_enabled`] === false ||
      (Number(given[kind] ?? 0) !== 0 && given[kind] !== null)
    )
      return [];
    const id = new RandomStream(`primary ${kind} of server ${String(state['id'])}`).digits(8);
    return [
      {
        type: 'hcloud_primary_ip',
        id,
        values: {
          id: Number(id),
          name: `primary_ip-${id}`,
          type: kind,
          ip_address: address,
          assignee_id: Number(state['id']),
          assignee_type: 'server',
          auto_delete: true,
          delete_protection: false,
          labels: {},
          location: state['location'] ?? null,
          datacenter: state['datacenter'] ?? null,
        },
      },
    ];
  });
}
