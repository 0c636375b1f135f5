import type { ResourceBehaviour, ResourceCall } from '../../engine/context';
import { Refusal } from '../../engine/refusal';
import { isList, isObject, isUnknown, textOf, unknown, type ObjectValue, type Value } from '../../protocol/value';
import { RandomStream } from '../../values/random-stream';
import { shortRegion, zonesOf } from './zones';

/** Versions that run where one is asked for by its first two numbers (ElastiCache user guide, "Supported engines and versions"). */
const actual: Readonly<Record<string, string>> = {
  '5.0': '5.0.6',
  '6.0': '6.0.5',
  '6.x': '6.2.6',
  '6.2': '6.2.6',
  '7.0': '7.0.7',
  '7.2': '7.2.6',
};

/** Keys of a group with shards are spread over so many slots (Redis, "Cluster specification"). */
const slotCount = 16_384;

const textIn = (planned: ObjectValue, name: string): string => textOf(planned[name]) ?? '';
const numberIn = (planned: ObjectValue, name: string): number | undefined => {
  const value = planned[name];
  return typeof value === 'number' ? value : undefined;
};

/** How many shards a group has, and how many replicas each. */
interface Size {
  readonly shards: number;
  readonly replicas: number;
  readonly isSharded: boolean;
}

/**
 * A group of Redis or Valkey nodes: members, shards, endpoints, version and parameters follow from its size and engine
 * (ElastiCache API reference, "ReplicationGroup" and "NodeGroup"; the provider's internal/service/elasticache/replication_group.go).
 */
export const replicationGroup: ResourceBehaviour = {
  plan: (_, planned, config, prior) => {
    check(planned, config);
    const isResized =
      prior !== null && ['num_cache_clusters', 'num_node_groups', 'replicas_per_node_group'].some((name) => planned[name] !== prior[name]);
    return isResized ? { ...planned, member_clusters: unknown } : planned;
  },
  create: (call, planned) => {
    const size = sizeOf(planned);
    return { ...opened(planned, { ...versionOf(planned, size), ...endpointsOf(call, planned, size) }), ...membersOf(call, planned, size) };
  },
  update: (call, planned, prior) => {
    const size = resized(planned, prior);
    const version = versionOf(planned, size);
    return {
      ...opened(planned, version),
      engine_version_actual: version['engine_version_actual'] ?? '',
      ...membersOf(call, planned, size),
    };
  },
};

/** What the provider refuses when it plans. */
function check(planned: ObjectValue, config: ObjectValue): void {
  const refuse = (words: string, path: string): never => {
    throw new Refusal(words, '', path);
  };
  const failover = planned['automatic_failover_enabled'];
  const clusters = numberIn(config, 'num_cache_clusters');
  const strategy = textOf(config['auth_token_update_strategy']);
  const hasToken = (config['auth_token'] ?? null) !== null;
  if (planned['multi_az_enabled'] === true && failover === false)
    refuse('automatic_failover_enabled must be true if multi_az_enabled is true', 'automatic_failover_enabled');
  if (failover === true && clusters !== undefined && clusters < 2)
    refuse('"num_cache_clusters": must be at least 2 if automatic_failover_enabled is true', 'num_cache_clusters');
  if (strategy === 'DELETE' && hasToken)
    refuse('"auth_token" must not be specified when "auth_token_update_strategy" is "DELETE"', 'auth_token');
  if (strategy !== undefined && strategy !== 'DELETE' && !hasToken)
    refuse('"auth_token_update_strategy": "auth_token" must be specified', 'auth_token_update_strategy');
}

function sizeOf(planned: ObjectValue): Size {
  const groups = configured(planned);
  const shards = groups.length || numberIn(planned, 'num_node_groups') || 1;
  const clusters = numberIn(planned, 'num_cache_clusters');
  const replicas =
    numberIn(planned, 'replicas_per_node_group') ??
    groups.map((one) => numberIn(one, 'replica_count')).find((count) => count !== undefined) ??
    (clusters === undefined ? 0 : Math.max(0, Math.ceil(clusters / shards) - 1));
  const isSharded =
    shards > 1 || textIn(planned, 'cluster_mode') === 'enabled' || textIn(planned, 'parameter_group_name').endsWith('.cluster.on');
  return { shards, replicas, isSharded };
}

/** The size after a change: whichever number was changed says it. */
function resized(planned: ObjectValue, prior: ObjectValue): Size {
  const changed = (name: string): number | undefined => (planned[name] === prior[name] ? undefined : numberIn(planned, name));
  const before = { shards: numberIn(prior, 'num_node_groups') ?? 1, replicas: numberIn(prior, 'replicas_per_node_group') ?? 0 };
  const shards = changed('num_node_groups') ?? before.shards;
  const clusters = changed('num_cache_clusters');
  const replicas =
    changed('replicas_per_node_group') ?? (clusters === undefined ? before.replicas : Math.max(0, Math.ceil(clusters / shards) - 1));
  return { shards, replicas, isSharded: shards > 1 || prior['cluster_enabled'] === true };
}

/** Shards that a configuration describes; what the provider fills in is no more than a block of unknowns. */
function configured(planned: ObjectValue): readonly ObjectValue[] {
  const groups = planned['node_group_configuration'];
  const known = isList(groups) ? groups.filter(isObject) : [];
  return known.filter((one) => Object.values(one).some((value) => value !== null && !isUnknown(value)));
}

function versionOf(planned: ObjectValue, { isSharded }: Size): Readonly<Record<string, Value>> {
  const engine = textIn(planned, 'engine') || 'redis';
  const asked = textIn(planned, 'engine_version') || (engine === 'valkey' ? '8.0' : '7.1');
  const major = asked.split('.')[0] ?? '';
  const family =
    engine === 'valkey' ? `valkey${major}` : Number(major) >= 7 ? `redis${major}` : major === '6' ? 'redis6.x' : `redis${major}.0`;
  return {
    engine,
    engine_version: asked,
    engine_version_actual: actual[asked] ?? (/^\d+\.\d+$/.test(asked) ? `${asked}.${asked === '8.0' ? 1 : 0}` : asked),
    parameter_group_name: `default.${family}${isSharded ? '.cluster.on' : ''}`,
    cluster_mode: isSharded ? 'enabled' : 'disabled',
    cluster_enabled: isSharded,
  };
}

/** Domain names: one for the shards of a group, or those of the first node and of all that read; encrypted connections have other names. */
function endpointsOf(call: ResourceCall, planned: ObjectValue, { isSharded }: Size): Readonly<Record<string, Value>> {
  const id = textIn(planned, 'replication_group_id').toLowerCase();
  const random = new RandomStream(`replication group ${call.settings.scope} ${id}`);
  const mark = random.text(6, 'abcdefghijklmnopqrstuvwxyz0123456789');
  const zone = `${shortRegion(call.settings.values['region'] ?? '')}.cache.amazonaws.com`;
  const isEncrypted = planned['transit_encryption_enabled'] === true;
  const name = (encrypted: string, plain: string): string => (isEncrypted ? `${encrypted}.${id}.${mark}.${zone}` : `${plain}.${zone}`);
  return {
    configuration_endpoint_address: isSharded ? name('clustercfg', `${id}.${mark}.clustercfg`) : '',
    primary_endpoint_address: isSharded ? '' : name('master', `${id}.${mark}.ng.0001`),
    reader_endpoint_address: isSharded ? '' : name('replica', `${id}-ro.${mark}.ng.0001`),
  };
}

/** Members by name, their number, and the shards with their slots and zones. */
function membersOf(call: ResourceCall, planned: ObjectValue, { shards, replicas, isSharded }: Size): Readonly<Record<string, Value>> {
  const id = textIn(planned, 'replication_group_id').toLowerCase();
  const zones = zonesFor(call, planned);
  const given = configured(planned);
  const four = (number: number): string => String(number).padStart(4, '0');
  const all = Array.from({ length: shards }, (_, index) => {
    const own = given[index];
    const count = numberIn(own ?? {}, 'replica_count') ?? replicas;
    const name = textOf(own?.['node_group_id']) ?? four(index + 1);
    const zone = (node: number): string => zones[(index + node) % zones.length] ?? '';
    const elsewhere = own?.['replica_availability_zones'];
    const group: ObjectValue = {
      // What a configuration could have said and did not stays unsaid: only what the provider computes is filled in.
      ...(own ?? {
        node_group_id: name,
        replica_count: count === 0 ? null : count,
        slots: isSharded ? `${first(index, shards)}-${first(index + 1, shards) - 1}` : null,
      }),
      primary_availability_zone: textOf(own?.['primary_availability_zone']) ?? zone(0),
      primary_outpost_arn: textOf(own?.['primary_outpost_arn']) ?? '',
      replica_availability_zones: isList(elsewhere) ? elsewhere : Array.from({ length: count }, (__, node) => zone(node + 1)),
      replica_outpost_arns: isList(own?.['replica_outpost_arns']) ? own['replica_outpost_arns'] : [],
    };
    const members = Array.from({ length: 1 + count }, (__, node) =>
      [id, ...(isSharded ? [name] : []), String(node + 1).padStart(3, '0')].join('-'),
    );
    return { group, members };
  });
  const members = all.flatMap((one) => one.members);
  return {
    member_clusters: members,
    num_cache_clusters: members.length,
    num_node_groups: shards,
    replicas_per_node_group: (all[0]?.members.length ?? 1) - 1,
    node_group_configuration: all.map(({ group }) => group),
  };
}

/** The first slot of a shard: the first ones have one more where the slots cannot be divided evenly. */
function first(shard: number, shards: number): number {
  return shard * Math.floor(slotCount / shards) + Math.min(shard, slotCount % shards);
}

/** Zones in the order in which nodes are placed: those that are preferred, those of the subnets, or all of the region. */
function zonesFor(call: ResourceCall, planned: ObjectValue): readonly string[] {
  const preferred = planned['preferred_cache_cluster_azs'];
  const named = isList(preferred) ? preferred.filter((one) => typeof one === 'string') : [];
  if (named.length > 0) return named;
  const { cloud, name } = call.provider;
  const { scope, values } = call.settings;
  const group = cloud
    .list(name, 'aws_elasticache_subnet_group', scope)
    .find(({ record }) => record.values['name'] === textIn(planned, 'subnet_group_name'))?.record;
  const ids = Array.isArray(group?.values['subnet_ids']) ? group.values['subnet_ids'] : [];
  const placed = cloud
    .list(name, 'aws_subnet', scope)
    .filter(({ record }) => ids.includes(record.id))
    .map(({ record }) => String(record.values['availability_zone'] ?? ''));
  const found = [...new Set(placed)].filter((one) => one !== '').sort();
  return found.length > 0 ? found : zonesOf(values['region'] ?? '').map((zone) => zone.name);
}

/** Fills attributes that are open; what is known stays. */
function opened(planned: ObjectValue, facts: Readonly<Record<string, Value>>): ObjectValue {
  return { ...planned, ...Object.fromEntries(Object.entries(facts).filter(([name]) => isUnknown(planned[name]))) };
}
