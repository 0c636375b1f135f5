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
  create: (call, planned) => filled(call, planned),
  update: (call, planned) => filled(call, planned),
};

function filled(call: ResourceCall, planned: ObjectValue): ObjectValue {
  const pods = textOf(planned['cluster_ipv4_cidr']);
  return {
    ...planned,
    ...each(planned, 'ip_allocation_policy', (one) =>
      opened(one, {
        cluster_ipv4_cidr_block: pods ?? '10.4.0.0/14',
        services_ipv4_cidr_block: '34.118.224.0/20',
        cluster_secondary_range_name: `gke-${textOf(planned['name']) ?? ''}-pods-${idOf(call, planned).slice(0, 8)}`,
        services_secondary_range_name: '',
        stack_type: 'IPV4',
      }),
    ),
    ...each(planned, 'private_cluster_config', (one) =>
      opened(one, { master_ipv4_cidr_block: '', enable_private_endpoint: false, enable_private_nodes: false }),
    ),
    ...each(planned, 'control_plane_endpoints_config', (one) => ({
      ...one,
      ...each(one, 'dns_endpoint_config', (dns) => opened(dns, { endpoint: domainOf(call, planned), allow_external_traffic: false })),
      // A block without the argument disables addresses; without the block they stay enabled.
      ...each(one, 'ip_endpoints_config', (ip) => opened(ip, { enabled: true })),
    })),
  };
}

function domainOf(call: ResourceCall, planned: ObjectValue): string {
  const { project = '', zone = '' } = call.settings.values;
  const location = textOf(planned['location']) ?? zone;
  return `gke-${idOf(call, planned)}-${projectNumber(textOf(planned['project']) ?? project)}.${location}.gke.goog`;
}

/** The id of a cluster, by which it is told from an earlier one of the same name only while both exist. */
function idOf({ settings: { scope } }: ResourceCall, { name, location }: ObjectValue): string {
  return new RandomStream(`cluster ${JSON.stringify([scope, name, location])}`).hex(36);
}

/** A block with a change to each of its elements; nothing where it is not there. */
function each(parent: ObjectValue, name: string, change: (one: ObjectValue) => ObjectValue): ObjectValue {
  const blocks = parent[name];
  return isList(blocks) ? { [name]: blocks.map((one): Value => (isObject(one) ? change(one) : one)) } : {};
}

/** Fills what is open or was left out; what is known stays. */
function opened(one: ObjectValue, facts: Readonly<Record<string, Value>>): ObjectValue {
  const open = Object.entries(facts).filter(([name]) => isUnknown(one[name]) || one[name] === null);
  return { ...one, ...Object.fromEntries(open) };
}
