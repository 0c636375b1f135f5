import { literalOf, type Diagram, type Infrastructure, type ResourceNode } from 'terrace/diagram';

type Edge = Diagram['edges'][number];

/** The stores of the data layer, and the type that makes each. */
const stores = {
  SUPABASE: { title: 'Supabase', subtitle: 'Postgres', kind: 'database', provider: 'supabase', type: 'supabase_project' },
  UPSTASH: { title: 'Upstash', subtitle: 'Redis', kind: 'cache', provider: 'upstash', type: 'upstash_redis_database' },
  R2: { title: 'R2', subtitle: 'Storage', kind: 'bucket', provider: 'cloudflare', type: 'cloudflare_r2_bucket' },
} as const;

/** Production's layers: what stands before the Workers, the Workers, and the stores that they are bound to. */
export function architecturePicture(graph: Infrastructure): Diagram {
  const production = new Production(graph);
  const workers = [
    ['API', 'api'],
    ['AUTH', 'auth'],
    ['WEBHOOKS', 'webhooks'],
  ] as const;
  const bound = Object.entries(stores).filter(([, { type }]) => workers.some(([, name]) => production.reads(name, type)));
  return {
    title: 'Deployment Architecture',
    description:
      'Requests pass Cloudflare’s DNS, CDN and WAF to the Workers API, Auth and Webhooks, which work with Supabase, Upstash and R2.',
    direction: 'down',
    clusters: [
      { id: 'CLOUDFLARE', title: 'Cloudflare', kind: 'group', provider: 'cloudflare' },
      { id: 'EDGE', title: 'Edge Layer', subtitle: 'Cloudflare Workers', kind: 'group', provider: 'cloudflare' },
      { id: 'DATA', title: 'Data Layer', kind: 'group' },
    ],
    nodes: [
      { id: 'DNS', title: 'DNS', kind: 'dns', provider: 'cloudflare', parent: 'CLOUDFLARE' },
      { id: 'CDN', title: 'CDN', kind: 'cdn', provider: 'cloudflare', parent: 'CLOUDFLARE' },
      { id: 'WAF', title: 'WAF', kind: 'firewall', provider: 'cloudflare', parent: 'CLOUDFLARE' },
      ...workers
        .filter(([, name]) => production.worker(name) !== undefined)
        .map(([id, name]) => ({
          id,
          title: name === 'api' ? 'API' : `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
          kind: 'function' as const,
          provider: 'cloudflare',
          parent: 'EDGE',
        })),
      ...bound.map(([id, { title, subtitle, kind, provider }]) => ({ id, title, subtitle, kind, provider, parent: 'DATA' })),
    ],
    edges: edgesOf(production, bound.length === Object.keys(stores).length),
  };
}

function edgesOf(production: Production, allBound: boolean): readonly Edge[] {
  const edge = (from: string, to: string, ground: boolean): readonly Edge[] => (ground ? [{ from, to, kind: 'flow' }] : []);
  const routed = production.all('cloudflare_workers_route').length > 0;
  const names = production.all('cloudflare_dns_record').some(({ block }) => block.body['proxied'] === true);
  return [
    ...edge('DNS', 'EDGE', names && routed),
    ...edge('CDN', 'EDGE', production.ruleset('http_request_cache_settings') && routed),
    ...edge('WAF', 'EDGE', production.ruleset('http_request_firewall_managed') && routed),
    ...edge('EDGE', 'DATA', allBound),
  ];
}

/** The resources of production, with the questions of the picture. */
class Production {
  private readonly resources: readonly ResourceNode[];
  private readonly types: ReadonlyMap<string, string>;

  constructor(private readonly graph: Infrastructure) {
    this.resources = graph.resources.filter(({ unit }) => unit.system === 'astraler' && unit.environment === 'production');
    this.types = new Map(this.resources.map(({ id, block }) => [id, block.type]));
  }

  all(type: string): readonly ResourceNode[] {
    return this.resources.filter(({ block }) => block.type === type);
  }

  /** Whether the zone has rules in a phase. */
  ruleset(phase: string): boolean {
    return this.all('cloudflare_ruleset').some(({ block }) => literalOf(block.body, 'phase') === phase);
  }

  /** The Worker of the application that is called so. */
  worker(name: string): ResourceNode | undefined {
    return this.all('cloudflare_workers_script').find(
      ({ block }) => literalOf(block.body, 'script_name') === `astraler-production-${name}`,
    );
  }

  /** Whether a Worker is bound to something of a type, itself or through a key of it. */
  reads(name: string, type: string): boolean {
    const worker = this.worker(name);
    const waiting = worker === undefined ? [] : [worker.id];
    const seen = new Set(waiting);
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (this.types.get(at) === type) return true;
      for (const { from, to } of this.graph.references)
        if (from === at && !seen.has(to)) {
          seen.add(to);
          waiting.push(to);
        }
    }
    return false;
  }
}
