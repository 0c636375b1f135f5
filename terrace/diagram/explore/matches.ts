import { foldedRegions, type Folded } from './folded';
import type { PageNode } from './page-data';
import type { PageGraph } from './page-graph';
import type { ViewState } from './state';

/** What the search and the filters leave. */
export interface Matches {
  /** Boxes that are shown where what is around them is open. */
  readonly kept: ReadonlySet<number>;
  /** Boxes that the search names; empty without one. */
  readonly named: ReadonlySet<number>;
  /** Number of units and resources that all filters fit; those of the whole page where there is no filter. */
  readonly count: number;
  readonly folded: Folded;
}

/** What can be chosen in each filter, sorted. */
export interface Choices {
  readonly providers: readonly string[];
  readonly kinds: readonly string[];
  /** Ids. */
  readonly environments: readonly string[];
  readonly tags: readonly string[];
}

export function choicesOf({ nodes }: PageGraph): Choices {
  const leaves = nodes.filter(({ depth }) => depth === 'unit' || depth === 'resource');
  const sorted = (values: readonly (string | undefined)[]): readonly string[] =>
    [...new Set(values.flatMap((value) => (value === undefined ? [] : [value])))].sort();
  return {
    providers: sorted(leaves.map(({ provider }) => provider)),
    kinds: sorted(leaves.map(({ kind }) => kind)),
    environments: nodes.filter(({ depth }) => depth === 'environment').map(({ id }) => id),
    tags: sorted(nodes.flatMap(({ tags }) => tags ?? [])),
  };
}

/**
 * The boxes that fit. A filter by provider or kind is about resources, and about units by what most of theirs are; a tag is a unit's and all
 * that it holds; a word of the search may be in any text of the box or of what is around it. A box that holds one that fits is kept.
 */
export function matchesOf(graph: PageGraph, state: ViewState): Matches {
  const words = state.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const environments = state.compare ?? (state.environment === '' ? [] : [state.environment]);
  const folded = foldedRegions(graph, state);
  const isGone = (index: number): boolean => [index, ...graph.above(index)].some((one) => folded.gone.has(one));
  const tagged = new Set<number>();
  const around: string[] = [];
  const fits = graph.nodes.map((node, index) => {
    around[index] = `${around[node.parent] ?? ''} ${textOf(node)}`;
    if (state.tag === '' || tagged.has(node.parent) || node.tags?.includes(state.tag) === true) tagged.add(index);
    const environment = graph.at(index, 'environment');
    // Who calls from outside is part of traffic alone.
    return (
      (node.kind !== 'outside' || state.traffic) &&
      (folded.gone.size === 0 || !isGone(index)) &&
      words.every((word) => around[index]?.includes(word) === true) &&
      (state.provider === '' || node.provider === state.provider) &&
      (state.kind === '' || node.kind === state.kind) &&
      tagged.has(index) &&
      (environments.length === 0 || (environment !== undefined && environments.includes(graph.nodes[environment]?.id ?? '')))
    );
  });
  const kept = new Set<number>();
  const isLeaf = (index: number): boolean => ['unit', 'resource'].includes(graph.nodes[index]?.depth ?? '');
  // Without a filter by what a resource is, a folder with nothing in it stays.
  const isFiltered = state.provider !== '' || state.kind !== '';
  fits.forEach((fit, index) => {
    if (!fit || (isFiltered && !isLeaf(index))) return;
    kept.add(index);
    for (const outer of graph.above(index)) kept.add(outer);
  });
  const named = new Set(
    words.length === 0 ? [] : [...kept].filter((index) => words.every((word) => textOf(graph.nodes[index]).includes(word))),
  );
  return { kept, named, count: [...kept].filter((index) => fits[index] === true && isLeaf(index)).length, folded };
}

function textOf(node: PageNode | undefined): string {
  return node === undefined ? '' : `${node.id} ${node.title} ${node.subtitle} ${node.provider ?? ''}`.toLowerCase();
}
