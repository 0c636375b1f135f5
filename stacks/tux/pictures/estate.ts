import { type Infrastructure, literalOf, type Placement, placementsOf, type ResourceNode } from 'terrace/diagram';

/** One environment's resources, with the questions that its pictures ask. */
export class Estate {
  private readonly resources: readonly ResourceNode[];
  private readonly placements: ReadonlyMap<string, Placement>;
  private readonly used = new Map<string, string[]>();

  constructor(
    private readonly graph: Infrastructure,
    readonly environment: 'staging' | 'production',
  ) {
    this.resources = graph.resources.filter(({ unit }) => unit.system === 'tux' && unit.environment === environment);
    this.placements = placementsOf(graph);
    for (const { from, to } of graph.references) this.used.set(from, [...(this.used.get(from) ?? []), to]);
  }

  all(type: string): readonly ResourceNode[] {
    return this.resources.filter(({ block }) => block.type === type);
  }

  /** The server with the id that the address plan gives it (`web-1`). */
  server(id: string): ResourceNode | undefined {
    return this.all('hcloud_server').find(({ block }) => literalOf(block.body, 'name') === `tux-${this.environment}-${id}`);
  }

  loadBalancer(): ResourceNode | undefined {
    return this.all('hcloud_load_balancer')[0];
  }

  network(): ResourceNode | undefined {
    return this.all('hcloud_network')[0];
  }

  /** The subnet that a resource lies in. */
  subnetOf(resource: ResourceNode | undefined): ResourceNode | undefined {
    const [first] = this.placements.get(resource?.id ?? '')?.subnets ?? [];
    return this.resources.find(({ id }) => id === first);
  }

  /** True when one resource refers to another, itself or through what it refers to. */
  uses(user: ResourceNode | undefined, needed: ResourceNode | undefined): boolean {
    if (user === undefined || needed === undefined) return false;
    const seen = new Set<string>();
    const waiting = [user.id];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (at === needed.id && at !== user.id) return true;
      for (const next of this.used.get(at) ?? []) if (!seen.has(next)) waiting.push(next);
      seen.add(at);
    }
    return false;
  }

  /** True when a resource of some type refers to both: an attachment, a target, a membership. */
  joins(type: string, one: ResourceNode | undefined, other: ResourceNode | undefined): boolean {
    return this.all(type).some((resource) => this.uses(resource, one) && this.uses(resource, other));
  }

  /** The records that lead visitors to the load balancer through Cloudflare. */
  proxiedRecords(): readonly ResourceNode[] {
    return this.all('cloudflare_dns_record').filter(
      (record) => record.block.body['proxied'] === true && this.uses(record, this.loadBalancer()),
    );
  }

  ruleset(phase: string): ResourceNode | undefined {
    return this.all('cloudflare_ruleset').find(({ block }) => literalOf(block.body, 'phase') === phase);
  }

  /** Local names of providers that some unit of the environment requires. */
  providers(): ReadonlySet<string> {
    return new Set(
      this.graph.units
        .filter(({ unit }) => unit.system === 'tux' && unit.environment === this.environment)
        .flatMap(({ configuration }) => [...configuration.providers.keys()]),
    );
  }
}

/** An arrow and whether the model or the data really have it; arrows without a ground are not drawn. */
export type Grounded = readonly [from: string, to: string, ground: boolean, label?: string];

export function arrowsOf(
  arrows: readonly Grounded[],
): { readonly from: string; readonly to: string; readonly kind: 'flow'; readonly label?: string }[] {
  return arrows.flatMap(([from, to, ground, label]) =>
    ground ? [{ from, to, kind: 'flow' as const, ...(label === undefined ? {} : { label }) }] : [],
  );
}
