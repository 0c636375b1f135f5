import type { ResourceBehaviour, ResourceCall } from '../../engine/context';
import { isList, isObject, isUnknown, textOf, type ObjectValue, type Value } from '../../protocol/value';
import { RandomStream } from '../../values/random-stream';
import { projectNumber } from './project-number';

/**
 * What GKE says of a cluster beside what it was asked for: its domain name, `gke-<id>-<number of the project>.<location>.gke.goog`, and that it
 * is reached by its addresses too (GKE API reference, "ControlPlaneEndpointsConfig"; `gcloud container clusters describe`), and the ranges of
 * its pods and services (GKE documentation, "Creating a VPC-native cluster").
 */
export const cluster: ResourceBehaviour = {
  create: (call, planned, _, config) => filled(call, planned, config),
  update: (call, planned, _, config) => filled(call, planned, config),
};

function filled(call: ResourceCall, planned: ObjectValue, config: ObjectValue): ObjectValue {
  return {
    ...planned,
    ...each(planned, config, 'ip_allocation_policy', {
      cluster_ipv4_cidr_block: textOf(planned['cluster_ipv4_cidr']) ?? '10.4.0.0/14',
      services_ipv4_cidr_block: '34.118.224.0/20',
      cluster_secondary_range_name: `gke-${textOf(planned['name']) ?? ''}-pods-${idOf(call, planned).slice(0, 8)}`,
      services_secondary_range_name: '',
      stack_type: 'IPV4',
    }),
    ...each(planned, config, 'private_cluster_config', {
      master_ipv4_cidr_block: '',
      enable_private_endpoint: false,
      enable_private_nodes: false,
    }),
    ...each(planned, config, 'control_plane_endpoints_config', {}, (one, given) => ({
      ...each(one, given, 'dns_endpoint_config', { endpoint: domainOf(call, planned), allow_external_traffic: false }),
      ...each(one, given, 'ip_endpoints_config', { enabled: true }),
    })),
  };
}

function domainOf(call: ResourceCall, planned: ObjectValue): string {
  const { project = '', zone = '' } = call.settings.values;
  const location = textOf(planned['location']) ?? zone;
  return `gke-${idOf(call, planned)}-${projectNumber(textOf(planned['project']) ?? project)}.${location}.gke.goog`;
}

/** The id of a cluster: the same for the same name, location and project. */
function idOf({ settings: { scope } }: ResourceCall, { name, location }: ObjectValue): string {
  return new RandomStream(`cluster ${JSON.stringify([scope, name, location])}`).hex(36);
}

/**
 * A block of a parent with facts in the place of what only the provider knows, and of what nobody said in a block that nobody configured; what
 * a configuration leaves out of a block stays out. Nothing where the block is not there.
 */
function each(
  parent: ObjectValue,
  config: ObjectValue,
  name: string,
  facts: Readonly<Record<string, Value>>,
  inner: (one: ObjectValue, given: ObjectValue) => ObjectValue = () => ({}),
): ObjectValue {
  const [blocks, given] = [parent[name], config[name]];
  if (!isList(blocks)) return {};
  const change = (one: Value, index: number): Value => {
    if (!isObject(one)) return one;
    const own = isList(given) ? given[index] : undefined;
    const open = Object.entries(facts).filter(([fact]) => isUnknown(one[fact]) || (own === undefined && one[fact] === null));
    return { ...one, ...Object.fromEntries(open), ...inner(one, isObject(own) ? own : {}) };
  };
  return { [name]: blocks.map(change) };
}
