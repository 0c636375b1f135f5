import type { ResourceBehaviour, ResourceCall } from '../../engine/context';
import { isList, isObject, isUnknown, textOf, type ObjectValue, type Value } from '../../protocol/value';
import { RandomStream } from '../../values/random-stream';

/**
 * What GKE says of a pool of nodes: the groups of instances that it stands for, one in each zone, and the taints that its nodes have (GKE API
 * reference, "NodePool"; the provider makes the second list of groups from the first one).
 */
export const nodePool: ResourceBehaviour = {
  create: (call, planned) => described(call, planned),
  update: (call, planned) => described(call, planned),
};

function described(call: ResourceCall, planned: ObjectValue): ObjectValue {
  const managers = zonesOf(call, planned).map((zone) => managerOf(call, planned, zone));
  const groups = managers.map((one) => one.replace('/instanceGroupManagers/', '/instanceGroups/'));
  return {
    ...planned,
    ...(isUnknown(planned['instance_group_urls']) ? { instance_group_urls: managers } : {}),
    ...(isUnknown(planned['managed_instance_group_urls']) ? { managed_instance_group_urls: groups } : {}),
    ...(isList(planned['node_config'] ?? null) ? { node_config: listOf(planned['node_config']).map(withTaints) } : {}),
  };
}

function withTaints(config: Value): Value {
  if (!isObject(config) || !isUnknown(config['effective_taints'])) return config;
  return { ...config, effective_taints: listOf(config['taint']) };
}

/** The zones that are given; else three of a region, or the zone itself. */
function zonesOf({ settings }: ResourceCall, planned: ObjectValue): readonly string[] {
  const given = listOf(planned['node_locations']).flatMap((one) => textOf(one) ?? []);
  const location = textOf(planned['location']) ?? settings.values['zone'] ?? '';
  if (given.length > 0) return given;
  return /-[a-z]$/.test(location) ? [location] : ['a', 'b', 'c'].map((letter) => `${location}-${letter}`);
}

function managerOf({ settings: { scope, values } }: ResourceCall, planned: ObjectValue, zone: string): string {
  const [cluster = '', name = ''] = [textOf(planned['cluster'])?.split('/').at(-1), textOf(planned['name'])];
  const suffix = new RandomStream(`group of ${scope} ${cluster} ${name} ${zone}`).hex(8);
  const project = textOf(planned['project']) ?? values['project'] ?? '';
  return `https://www.googleapis.com/compute/v1/projects/${project}/zones/${zone}/instanceGroupManagers/gke-${cluster}-${name}-${suffix}-grp`;
}

function listOf(value: Value | undefined): readonly Value[] {
  return isList(value ?? null) ? (value as readonly Value[]) : [];
}
