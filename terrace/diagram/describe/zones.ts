import type { DiagramCluster } from './diagram';
import { literalOf } from './details';
import { by } from '../read/infrastructure';
import type { Reference, ResourceNode } from '../read/graph';
import { isSubnet, type Placement } from './placement';

/** What names a subnet without standing in it. */
const speaksOnly = /(_association|_attachment|^aws_network_acl|^aws_route)/;

/** The availability zones of networks: which there are, and what stands in one of them alone. */
export class Zones {
  /** Zone by id of a subnet, of networks with subnets in two zones or more. */
  private readonly bySubnet = new Map<string, string>();
  private readonly networks = new Map<string, readonly string[]>();
  private readonly members = new Map<string, string>();

  constructor(resources: readonly ResourceNode[], references: readonly Reference[], placements: ReadonlyMap<string, Placement>) {
    const byNetwork = new Map<string, Map<string, string>>();
    for (const resource of resources) {
      const zone = isSubnet(resource.block.type) ? literalOf(resource.block.body, 'availability_zone') : undefined;
      const network = placements.get(resource.id)?.network;
      if (zone === undefined || network === undefined || !resources.some(({ id }) => id === network)) continue;
      byNetwork.set(network, (byNetwork.get(network) ?? new Map<string, string>()).set(resource.id, zone));
    }
    for (const [network, subnets] of byNetwork) {
      const zones = [...new Set(subnets.values())].sort();
      if (zones.length < 2) continue;
      this.networks.set(network, zones);
      for (const [subnet, zone] of subnets) this.bySubnet.set(subnet, `zone ${zone} of ${network}`);
    }
    const named = new Map<string, string[]>();
    for (const { from, to, attributes } of references)
      if (this.bySubnet.has(to) && attributes.some((one) => /(^|\.)subnet_id$/.test(one)))
        named.set(from, [...(named.get(from) ?? []), to]);
    for (const { id, block } of resources) {
      const [only, ...more] = speaksOnly.test(block.type) ? [] : (named.get(id) ?? []);
      const zone = only === undefined || more.length > 0 ? undefined : this.bySubnet.get(only);
      if (zone !== undefined) this.members.set(id, zone);
    }
  }

  /** True for a subnet that stands in the column of its zone. */
  hasSubnet(id: string): boolean {
    return this.bySubnet.has(id);
  }

  /** The column that a subnet, or what stands in a single subnet, is drawn in. */
  columnOf(id: string): string | undefined {
    return this.bySubnet.get(id) ?? this.members.get(id);
  }

  /** Side by side in their network, by name. */
  clusters(): readonly DiagramCluster[] {
    return [...this.networks].sort(by(([network]) => network)).flatMap(([network, zones]): DiagramCluster[] => {
      const around = `zones of ${network}`;
      return [
        { id: around, title: 'availability zones', kind: 'group', parent: `network ${network}`, arrange: 'row' },
        ...zones.map((zone): DiagramCluster => ({
          id: `zone ${zone} of ${network}`,
          title: zone,
          kind: 'zone',
          parent: around,
          arrange: 'column',
        })),
      ];
    });
  }
}
