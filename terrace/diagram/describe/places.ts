import { detailOf, displayName } from './details';
import type { DiagramCluster } from './diagram';
import type { ResourceNode } from '../read/graph';
import { isSubnet, tierName, type Placement } from './placement';
import type { Zones } from './zones';

/**
 * Where resources are drawn: each network is a cluster around its own box; subnets of known zones stand in the columns of these, with what is in one of
 * them alone; what is in several lies in a cluster for their tier.
 */
export class Places {
  private readonly members = new Map<string, ResourceNode[]>();
  private readonly byId: ReadonlyMap<string, ResourceNode>;

  constructor(
    resources: readonly ResourceNode[],
    private readonly placements: ReadonlyMap<string, Placement>,
    private readonly zones: Zones,
  ) {
    this.byId = new Map(resources.map((resource) => [resource.id, resource]));
    for (const resource of resources) {
      const tier = this.tierOf(resource.id);
      if (tier !== undefined) this.members.set(tier, [...(this.members.get(tier) ?? []), resource]);
    }
  }

  /** The tier that a resource lies in, named by its first subnet; undefined where the subnets are not drawn. */
  private tierOf(id: string): string | undefined {
    if (this.zones.columnOf(id) !== undefined) return undefined;
    const [first] = this.placements.get(id)?.subnets ?? [];
    return first !== undefined && this.byId.has(first) && this.isNear(id, first) ? first : undefined;
  }

  private isNear(id: string, other: string): boolean {
    const [one, two] = [this.byId.get(id), this.byId.get(other)];
    return one !== undefined && two !== undefined && one.unit.environment === two.unit.environment && one.unit.region === two.unit.region;
  }

  private tierHolding(subnet: string): string | undefined {
    return [...this.members].find(([, members]) =>
      members.some(({ id }) => this.placements.get(id)?.subnets.includes(subnet) === true),
    )?.[0];
  }

  isDrawnAsCluster(id: string): boolean {
    const resource = this.byId.get(id);
    return resource !== undefined && isSubnet(resource.block.type) && !this.zones.hasSubnet(id) && this.tierHolding(id) !== undefined;
  }

  drawnAs(id: string): string {
    if (!this.isDrawnAsCluster(id)) return id;
    return `subnet ${this.tierHolding(id) ?? id}`;
  }

  parentOf(id: string): string {
    const column = this.zones.columnOf(id);
    if (column !== undefined) return column;
    const tier = this.tierOf(id);
    if (tier !== undefined) return `subnet ${tier}`;
    const network = this.networkOf(id);
    const resource = this.byId.get(id);
    return network === undefined ? `${resource?.unit.path.split('/').slice(0, 4).join('/')}` : `network ${network}`;
  }

  private networkOf(id: string): string | undefined {
    if (this.hasMembers(id)) return id;
    const network = this.placements.get(id)?.network;
    return network !== undefined && this.byId.has(network) && this.isNear(id, network) ? network : undefined;
  }

  private hasMembers(network: string): boolean {
    return [...this.placements].some(([id, placement]) => placement.network === network && this.byId.has(id) && this.isNear(id, network));
  }

  /** True when something lies in the other, so that no arrow has to say it. */
  holds(outer: string, inner: string): boolean {
    if (this.zones.hasSubnet(outer)) return this.placements.get(inner)?.subnets.includes(outer) === true;
    if (outer.startsWith('subnet ')) return this.parentOf(inner) === outer;
    const network = this.networkOf(outer);
    return (
      network === outer && (this.networkOf(inner) === outer || this.zones.columnOf(inner) !== undefined || inner.startsWith('subnet '))
    );
  }

  clusters(): readonly DiagramCluster[] {
    const networks = [...this.byId.values()].filter(({ id }) => this.networkOf(id) === id);
    const tiers = [...this.members.keys()].flatMap((id) => this.byId.get(id) ?? []);
    return [
      ...networks.map((network): DiagramCluster => {
        const { system, environment, region } = network.unit;
        const kind = network.block.type.startsWith('kubernetes_') ? 'namespace' : 'network';
        return {
          id: `network ${network.id}`,
          title: displayName(network),
          ...subtitle([detailOf(network)]),
          kind,
          parent: `${system}/${environment}/${region}`,
          tooltip: network.block.address,
          ...mark(network),
        };
      }),
      ...this.zones.clusters(),
      ...tiers.map((first): DiagramCluster => {
        const subnets = (this.placements.get(this.members.get(first.id)?.[0]?.id ?? '')?.subnets ?? []).flatMap(
          (id) => this.byId.get(id) ?? [],
        );
        const several = subnets.length > 1 ? `${subnets.length} × ` : '';
        const network = this.placements.get(first.id)?.network;
        return {
          id: `subnet ${first.id}`,
          title: subnets.length > 1 ? tierName(displayName(first)) : displayName(first),
          ...subtitle([
            `${several}${first.block.type}`,
            this.zones.hasSubnet(first.id)
              ? 'one in each zone'
              : subnets
                  .map(detailOf)
                  .filter((text) => text !== undefined)
                  .join(', '),
          ]),
          kind: 'subnet',
          ...(network === undefined ? {} : { parent: `network ${network}` }),
          tooltip: subnets.map(({ block }) => block.address).join('\n'),
          ...mark(first),
        };
      }),
    ];
  }
}

function subtitle(parts: readonly (string | undefined)[]): { readonly subtitle?: string } {
  const text = parts.filter((part) => part !== undefined && part !== '').join(' · ');
  return text === '' ? {} : { subtitle: text };
}

function mark({ planned }: ResourceNode): { readonly planned?: boolean } {
  return planned ? { planned } : {};
}
