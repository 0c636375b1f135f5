import type { Diagram, DiagramCluster, DiagramEdge, DiagramNode } from './diagram';
import { bundled } from './condense';
import { count } from './frames';
import { by } from '../read/infrastructure';
import type { Infrastructure } from '../read/graph';
import { trafficOf, trafficText, type Traffic } from './traffic';

/** Ports that an arrow names; more are in its tooltip. */
const mostPorts = 3;

/**
 * A diagram of needs, with the arrows of traffic instead: who calls whom, with ports. What takes no part is left out, and counted in a note.
 * `drawnAs` says which box stands for a resource, undefined where none does.
 */
export function withTraffic(
  graph: Infrastructure,
  diagram: Diagram,
  drawnAs: (resource: string) => string | undefined,
  everyEdge: boolean,
): Diagram {
  const boxes = new Map(diagram.nodes.filter(({ external }) => external !== true).map((node) => [node.id, node]));
  const internets = new Map<string, DiagramNode>();
  const pairs = new Map<string, { from: string; to: string; all: Traffic[] }>();
  for (const traffic of trafficOf(graph)) {
    const to = drawnAs(traffic.to);
    const outside = traffic.from.startsWith('internet ') ? traffic.from : undefined;
    const from = outside ?? drawnAs(traffic.from);
    if (from === undefined || to === undefined || from === to || !boxes.has(to) || (outside === undefined && !boxes.has(from))) continue;
    if (outside !== undefined) internets.set(outside, internet(outside));
    const pair = pairs.get(`${from}\n${to}`) ?? { from, to, all: [] };
    pair.all.push(traffic);
    pairs.set(`${from}\n${to}`, pair);
  }
  const edges = [...pairs.values()].map(edgeOf).sort(by((edge) => `${edge.from}\n${edge.to}`));
  const ends = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const zoned = subnetsBeside(diagram, ends);
  const nodes = [...internets.values(), ...[...boxes.values()].filter(({ id }) => ends.has(id) || zoned.has(id))];
  const { notes: _, ...rest } = diagram;
  const left = boxes.size - nodes.length + internets.size;
  const drawn: Diagram = {
    ...rest,
    description:
      'Who calls whom, as far as firewalls, security groups, network policies, listeners, services, roles, environments and records show; an arrow leads from the caller to what it calls, with the ports.',
    clusters: withBoxes(diagram.clusters, nodes),
    nodes,
    edges,
    ...(left === 0
      ? {}
      : { notes: [`${count(left, 'box').replace(/boxs$/, 'boxes')} without traffic left out; --edges needs draws them.`] }),
  };
  return everyEdge ? drawn : bundled(drawn);
}

function edgeOf({ from, to, all }: { readonly from: string; readonly to: string; readonly all: readonly Traffic[] }): DiagramEdge {
  const ports = [...new Set(all.flatMap((one) => one.ports))].sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10));
  const label = ports.length > mostPorts ? `${ports.slice(0, mostPorts).join(', ')}, …` : ports.join(', ');
  const tooltip = all.map((one) => `${nameOf(one.from)} calls ${nameOf(one.to)}: ${trafficText(one)}`).join('\n');
  return { from, to, kind: 'flow', tooltip, ...(label === '' ? {} : { label }) };
}

function internet(id: string): DiagramNode {
  const [system = '', environment = '', region = ''] = id.slice('internet '.length).split('/');
  return {
    id,
    title: 'Internet',
    subtitle: region,
    kind: 'outside',
    external: true,
    parent: `${system}/${environment}`,
    tooltip: `callers of ${region} in ${environment} from outside`,
  };
}

function nameOf(id: string): string {
  return id.startsWith('internet ') ? 'the internet' : id.slice(id.indexOf('#') + 1);
}

/** Subnets in the columns of a network in which something calls or is called: the ground it stands on. */
function subnetsBeside({ nodes, clusters }: Diagram, ends: ReadonlySet<string>): ReadonlySet<string> {
  const parents = new Map([...nodes, ...clusters].map(({ id, parent }) => [id, parent]));
  const networkOf = (id: string): string | undefined => {
    for (let at = parents.get(id); at !== undefined; at = parents.get(at)) if (at.startsWith('network ')) return at;
    return undefined;
  };
  const used = new Set([...ends].flatMap((id) => networkOf(id) ?? []));
  const zones = new Set(clusters.filter(({ kind }) => kind === 'zone').map(({ id }) => id));
  const subnets = nodes.filter(({ id, kind, parent }) => kind === 'subnet' && zones.has(parent ?? '') && used.has(networkOf(id) ?? ''));
  return new Set(subnets.map(({ id }) => id));
}

/** Clusters in which a box lies, and those around them. */
function withBoxes(clusters: readonly DiagramCluster[], nodes: readonly DiagramNode[]): readonly DiagramCluster[] {
  const parents = new Map(clusters.map(({ id, parent }) => [id, parent]));
  const used = new Set<string>();
  for (const { parent } of nodes) for (let at = parent; at !== undefined && !used.has(at); at = parents.get(at)) used.add(at);
  return clusters.filter(({ id }) => used.has(id));
}
