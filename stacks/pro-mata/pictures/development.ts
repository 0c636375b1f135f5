import type { Diagram, DiagramNode, Infrastructure, Kind, ResourceNode } from 'terrace/diagram';

import { type stacks, swarmServiceNames, swarmServices, type SwarmServiceName } from '../topology/services';

type Edge = Diagram['edges'][number];

/** Boxes of services. What only measures the database is no box: the picture shows what it measures. */
const boxes: Readonly<Partial<Record<SwarmServiceName, { readonly id: string; readonly kind: Kind }>>> = {
  traefik: { id: 'TRAEFIK', kind: 'balancer' },
  frontend: { id: 'FE', kind: 'container' },
  backend: { id: 'BE', kind: 'container' },
  pgbouncer: { id: 'PGBOUNCER', kind: 'database' },
  'postgres-primary': { id: 'PG_PRIMARY', kind: 'database' },
  'postgres-replica': { id: 'PG_REPLICA', kind: 'database' },
  redis: { id: 'REDIS', kind: 'cache' },
  prometheus: { id: 'PROM', kind: 'monitor' },
  grafana: { id: 'GRAFANA', kind: 'monitor' },
  'node-exporter': { id: 'NODES', kind: 'server' },
};

/** The stacks in the order in which the picture reads; what watches stands left of what is watched. */
const drawn = [
  { id: 'monitoring', title: 'Monitoring' },
  { id: 'proxy', title: 'Proxy' },
  { id: 'app', title: 'Application' },
  { id: 'database', title: 'Data' },
] as const satisfies readonly { readonly id: (typeof stacks)[number]; readonly title: string }[];

/**
 * Development: who reaches whom. Between services an arrow needs the need in the table and a network that both are in; from outside it
 * needs the rule, the role or the output of the synthesized JSON.
 */
export function developmentPicture(graph: Infrastructure): Diagram {
  const resources = graph.resources.filter(({ unit }) => unit.system === 'pro-mata' && unit.environment === 'dev');
  // The layout goes by this order: backwards, arrows cross least.
  const shown = swarmServiceNames.toReversed().flatMap((name) => {
    const box = boxes[name];
    return box === undefined ? [] : [{ name, ...box }];
  });
  return {
    title: 'Development (Azure East US 2)',
    description:
      'Who reaches whom in development: visitors through Traefik, the backend through PgBouncer and Redis, metrics by Prometheus, secrets from the Key Vault.',
    direction: 'down',
    clusters: [
      { id: 'SWARM', title: 'Docker Swarm', subtitle: 'Standard_B2s, VNet 10.1.0.0/16', kind: 'network', provider: 'azurerm' },
      ...drawn.map(({ id, title }) => ({ id, title, kind: 'group' as const, parent: 'SWARM' })),
    ],
    nodes: [
      { id: 'KEYVAULT', title: 'Azure Key Vault', kind: 'secret', provider: 'azurerm' },
      { id: 'INTERNET', title: 'Internet', kind: 'outside' },
      { id: 'DUCKDNS', title: 'DuckDNS', subtitle: 'promata-dev.duckdns.org', kind: 'dns', external: true },
      { id: 'LETSENCRYPT', title: "Let's Encrypt", kind: 'certificate', external: true },
      ...shown.map(({ name, id, kind }): DiagramNode => ({
        id,
        kind,
        title: swarmServices[name].title,
        parent: swarmServices[name].stack,
        ...(swarmServices[name].image === undefined ? {} : { subtitle: swarmServices[name].image }),
      })),
    ],
    edges: [...fromOutside(graph, resources), ...shown.flatMap(({ name }) => needsOf(name))],
  };
}

function needsOf(name: SwarmServiceName): readonly Edge[] {
  const from = boxes[name]?.id ?? '';
  const { needs, networks } = swarmServices[name];
  return needs
    .filter((needed) => swarmServices[needed].networks.some((one) => networks.includes(one)))
    .flatMap((needed) => (boxes[needed] === undefined ? swarmServices[needed].needs : [needed]))
    .map((needed) => {
      const to = boxes[needed]?.id ?? '';
      // Replication flows from the primary, whichever end opens the connection.
      return name === 'postgres-replica' ? { from: to, to: from, kind: 'flow', label: 'WAL' } : { from, to, kind: 'flow' };
    });
}

function fromOutside(graph: Infrastructure, resources: readonly ResourceNode[]): readonly Edge[] {
  const of = (type: string): readonly ResourceNode[] => resources.filter(({ block }) => block.type === type);
  const isOpen = (port: string): boolean =>
    of('azurerm_network_security_rule').some(
      ({ block: { body } }) =>
        body['source_address_prefix'] === '0.0.0.0/0' && body['destination_port_range'] === port && body['access'] === 'Allow',
    );
  const names = graph.units.find(({ unit }) => unit.path === 'pro-mata/dev/eastus2/dns/duckdns');
  const address = String(names?.configuration.outputs.get('public_ip') ?? '');
  const vaultRoles = of('azurerm_role_assignment').filter(({ block }) => block.body['role_definition_name'] === 'Key Vault Secrets User');
  const edge = (from: string, to: string, ground: boolean, label?: string): readonly Edge[] =>
    ground ? [{ from, to, kind: 'flow', ...(label === undefined ? {} : { label }) }] : [];
  return [
    ...edge('INTERNET', 'TRAEFIK', isOpen('80') && isOpen('443'), '80, 443'),
    ...edge('DUCKDNS', 'TRAEFIK', address.includes('swarm_manager_public_ip')),
    ...edge('LETSENCRYPT', 'TRAEFIK', isOpen('80')),
    ...edge('KEYVAULT', 'SWARM', vaultRoles.length > 0),
  ];
}
