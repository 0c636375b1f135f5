import type { Diagram, DiagramNode } from './diagram';
import { alikeRegions, type Alike } from './alike';
import { count, shortPath } from './frames';
import type { UnitNode } from '../read/graph';

/**
 * The diagram with regions that have the same units and the same dependencies among them drawn once: the region's frame says where else the same
 * stands, and a box says where it differs, by the number of its resources. Arrows between folded regions are counted in a note.
 */
export function folded(diagram: Diagram, units: readonly UnitNode[], resources: ReadonlyMap<string, number>): Diagram {
  const alike = alikeRegions(units);
  const gone = new Set(alike.flatMap(({ others }) => others));
  if (gone.size === 0) return diagram;
  const regionOf = (id: string): string => id.split('/').slice(0, 3).join('/');
  const isGone = (id: string): boolean => gone.has(regionOf(id));
  const ids = new Set(diagram.nodes.filter(({ id }) => !isGone(id)).map(({ id }) => id));
  // What stands beside an environment is there for its readers alone.
  const edges = diagram.edges.filter(({ from, to }) => ids.has(from) && ids.has(to));
  const ends = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const nodes = diagram.nodes
    .filter(({ id, external }) => ids.has(id) && (external !== true || ends.has(id)))
    .map((node) => withDifferences(node, alike, resources));
  const parents = new Map(diagram.clusters.map(({ id, parent }) => [id, parent]));
  const used = new Set<string>();
  for (const { parent } of nodes) for (let at = parent; at !== undefined && !used.has(at); at = parents.get(at)) used.add(at);
  const across = diagram.edges.filter(({ from, to }) => isGone(from) !== isGone(to) || (isGone(from) && regionOf(from) !== regionOf(to)));
  return {
    ...diagram,
    nodes,
    edges,
    clusters: diagram.clusters
      .filter(({ id }) => used.has(id))
      .map((cluster) => {
        const found = alike.find(({ drawn }) => drawn === cluster.id);
        return found === undefined
          ? cluster
          : { ...cluster, subtitle: `the same in ${found.others.length + 1}: also ${found.others.map(shortPath).join(', ')}` };
      }),
    notes: [
      ...(diagram.notes ?? []),
      `${count(gone.size, 'region')} with the same units drawn once${across.length === 0 ? '' : `, without ${count(across.length, 'arrow')} between them`}; --whole draws each.`,
    ],
  };
}

function withDifferences(node: DiagramNode, alike: readonly Alike[], resources: ReadonlyMap<string, number>): DiagramNode {
  const own = resources.get(node.id);
  const found = alike.find(({ drawn }) => node.id.startsWith(`${drawn}/`));
  if (found === undefined || own === undefined) return node;
  const places = new Map<number, string[]>();
  for (const other of found.others) {
    const number = resources.get(`${other}${node.id.slice(found.drawn.length)}`) ?? 0;
    if (number !== own) places.set(number, [...(places.get(number) ?? []), shortPath(other)]);
  }
  if (places.size === 0) return node;
  const rows = [...places].map(([number, where]) => ({ text: `differs in ${where.join(', ')}: ${count(number, 'resource')}` }));
  return { ...node, rows: [...(node.rows ?? []), ...rows] };
}
