import { by } from '../read/infrastructure';
import type { Infrastructure, Reference, ResourceNode } from '../read/graph';

/** Where a resource lies among networks: the network, and the tier of subnets if all of its subnets are of one. */
export interface Placement {
  /** Id of the network (VPC, virtual network, namespace). */
  readonly network: string;
  /** Subnets of one tier, sorted; empty where it lies in the network as a whole. */
  readonly subnets: readonly string[];
}

const networkTypes = /^(aws_vpc|hcloud_network|azurerm_virtual_network|google_compute_network|kubernetes_namespace(_v1)?)$/;
const subnetTypes = /^(aws_subnet|hcloud_network_subnet|azurerm_subnet|google_compute_subnetwork)$/;
/** Resources that only carry a membership on: what refers to them lies where they lie. */
const carriers = /^(aws_db_subnet_group|aws_elasticache_subnet_group|azurerm_network_interface|aws_network_interface)$/;
/** Resources that put another one into a subnet: attribute of the member. */
const memberships: Readonly<Record<string, string>> = {
  hcloud_server_network: 'server_id',
  hcloud_load_balancer_network: 'load_balancer_id',
};
/** They name subnets without lying in one. */
const outside = /(_association|_attachment|_flow_log|^aws_flow_log|^aws_network_acl|^cloudflare_|_policy|^aws_iam)/;
const placing = /(subnet|vpc_id|network_id|virtual_network_name|network_interface|namespace|^network$|^vpc)/;

export function isNetwork(type: string): boolean {
  return networkTypes.test(type);
}

export function isSubnet(type: string): boolean {
  return subnetTypes.test(type);
}

/**
 * The placement of each resource that lies in a network, by id: by an attribute that names a subnet, a network or a namespace, through a subnet
 * group, a network interface or a membership resource. Subnets that differ only in their zone form a tier; who lies in several
 * tiers lies in the network.
 */
export function placementsOf(graph: Infrastructure): ReadonlyMap<string, Placement> {
  const resources = new Map(graph.resources.map((resource) => [resource.id, resource]));
  const outgoing = new Map<string, Reference[]>();
  for (const reference of graph.references) outgoing.set(reference.from, [...(outgoing.get(reference.from) ?? []), reference]);
  const members = membersOf(graph, resources, outgoing);

  function containers(id: string, seen: ReadonlySet<string>): readonly ResourceNode[] {
    const resource = resources.get(id);
    if (resource === undefined || seen.has(id) || outside.test(resource.block.type)) return [];
    const deeper = new Set([...seen, id]);
    const own = (outgoing.get(id) ?? []).filter((one) => one.attributes.some((attribute) => placing.test(attribute)));
    const found = own.flatMap(({ to }) => {
      const target = resources.get(to);
      if (target === undefined) return [];
      if (isNetwork(target.block.type) || isSubnet(target.block.type)) return [target];
      return carriers.test(target.block.type) ? containers(to, deeper) : [];
    });
    return [...found, ...(members.get(id) ?? []).flatMap((member) => containers(member, deeper))];
  }

  const networkOfSubnet = (subnet: ResourceNode): string | undefined =>
    containers(subnet.id, new Set()).find((one) => isNetwork(one.block.type))?.id;
  const placements = new Map<string, Placement>();
  for (const { id, block } of graph.resources) {
    if (isNetwork(block.type)) continue;
    const found = containers(id, new Set());
    const subnets = isSubnet(block.type) ? [] : [...new Set(found.filter((one) => isSubnet(one.block.type)))].sort(by((one) => one.id));
    const [first] = subnets;
    const network = (first === undefined ? undefined : networkOfSubnet(first)) ?? found.find((one) => isNetwork(one.block.type))?.id;
    if (network === undefined) continue;
    const tiers = new Set(subnets.map((subnet) => tierOf(subnet)));
    const tier = [...tiers][0];
    const whole =
      tiers.size === 1 && tier !== undefined
        ? graph.resources.filter((one) => isSubnet(one.block.type) && tierOf(one) === tier).map((one) => one.id)
        : [];
    placements.set(id, { network, subnets: whole.sort() });
  }
  return placements;
}

/** Unit and name of a subnet without what tells its zone: `private_a`, `private-eu-central-1b`, `private_2` are all `private`. */
export function tierOf(subnet: ResourceNode): string {
  return `${subnet.unit.path}#${tierName(subnet.block.name)}`;
}

export function tierName(name: string): string {
  const bare = name.replace(/_[0-9A-F]{8}$/, '');
  return bare.replace(/([-_][a-z]{2}(-[a-z]+)+-\d[a-f]|[-_][a-f]|[-_]?\d{1,2})$/, '') || bare;
}

function membersOf(
  graph: Infrastructure,
  resources: ReadonlyMap<string, ResourceNode>,
  outgoing: ReadonlyMap<string, readonly Reference[]>,
): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, string[]>();
  for (const { id, block } of graph.resources) {
    const attribute = memberships[block.type];
    if (attribute === undefined) continue;
    for (const { to, attributes } of outgoing.get(id) ?? []) {
      if (attributes.includes(attribute) && resources.has(to)) members.set(to, [...(members.get(to) ?? []), id]);
    }
  }
  return members;
}
