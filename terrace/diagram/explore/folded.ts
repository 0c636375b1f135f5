import type { PageGraph } from './page-graph';
import type { ViewState } from './state';

/** What a folded page leaves out, and what it says of the regions that stand for it. */
export interface Folded {
  /** Positions of regions that are not shown, and of environments of which no region is left. */
  readonly gone: ReadonlySet<number>;
  /** Words of a region that stands for others, by its position: where else the same stands. */
  readonly words: ReadonlyMap<number, string>;
  /** Number of resources elsewhere, where it is another, by the position of a unit: `differs in production/eu: 9 resources`. */
  readonly differences: ReadonlyMap<number, string>;
}

const nothing: Folded = { gone: new Set(), words: new Map(), differences: new Map() };

/**
 * Regions that are made alike are shown once. Each is shown by itself where the reader asks for it, searches, filters by environment or compares, and
 * where an overlay says something of one of them: what is laid over is never folded away.
 */
export function foldedRegions(graph: PageGraph, state: ViewState): Folded {
  if (state.each || state.text !== '' || state.environment !== '' || state.compare !== undefined) return nothing;
  const marked = markedRegions(graph, state);
  const gone = new Set<number>();
  const words = new Map<number, string>();
  const differences = new Map<number, string>();
  for (const ids of graph.data.alike) {
    const [drawn, ...others] = ids.flatMap((id) => graph.byId.get(id) ?? []);
    if (drawn === undefined || others.length === 0 || ids.some((id) => marked.has(id))) continue;
    for (const other of others) gone.add(other);
    words.set(drawn, `the same in ${others.length + 1}: also ${others.map((other) => nameOf(graph, other)).join(', ')}`);
    for (const unit of unitsIn(graph, drawn)) {
      const own = resourcesIn(graph, unit);
      const found = others.flatMap((other) => {
        const twin = graph.byId.get(`${idOf(graph, other)}${idOf(graph, unit).slice(idOf(graph, drawn).length)}`);
        const number = twin === undefined ? 0 : resourcesIn(graph, twin);
        return number === own ? [] : [`${nameOf(graph, other)}: ${number} resources`];
      });
      if (found.length > 0) differences.set(unit, `differs in ${found.join(', ')}`);
    }
  }
  graph.nodes.forEach(({ depth }, index) => {
    const regions = (graph.children[index] ?? []).filter((child) => graph.nodes[child]?.depth === 'region');
    if (depth === 'environment' && regions.length > 0 && regions.every((region) => gone.has(region))) gone.add(index);
  });
  return { gone, words, differences };
}

/** Regions of which the overlay that is on says more than that nothing is to be said, and the one in which the reader chose a box. */
function markedRegions(graph: PageGraph, { overlay, selected }: ViewState): ReadonlySet<string> {
  const marks = overlay === undefined ? {} : (graph.data.overlays[overlay]?.marks ?? {});
  const said = Object.entries(marks).filter(([, { tone, findings }]) => tone !== 'same' || (findings ?? []).length > 0);
  const standing = new Set(graph.data.alike.map(([drawn]) => drawn));
  const chosen = selected === undefined || standing.has(regionOf(selected)) ? [] : [regionOf(selected)];
  return new Set([...said.map(([id]) => regionOf(id)), ...chosen]);
}

function regionOf(id: string): string {
  return id.split('/').slice(0, 3).join('/');
}

function unitsIn(graph: PageGraph, region: number): readonly number[] {
  return (graph.children[region] ?? []).flatMap((layer) =>
    (graph.children[layer] ?? []).filter((child) => graph.nodes[child]?.depth === 'unit'),
  );
}

function resourcesIn(graph: PageGraph, unit: number): number {
  return (graph.children[unit] ?? []).filter((child) => graph.nodes[child]?.depth === 'resource').length;
}

function idOf(graph: PageGraph, index: number): string {
  return graph.nodes[index]?.id ?? '';
}

/** Path below the system. */
function nameOf(graph: PageGraph, index: number): string {
  const id = idOf(graph, index);
  return id.slice(id.indexOf('/') + 1);
}
