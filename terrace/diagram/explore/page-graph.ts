import type { PageArrow, PageData, PageNode } from './page-data';

/** The page's data with the ways between its boxes. */
export interface PageGraph {
  readonly data: PageData;
  readonly nodes: readonly PageNode[];
  readonly children: readonly (readonly number[])[];
  readonly byId: ReadonlyMap<string, number>;
  /** Positions of the boxes around a box, the nearest first. */
  above(at: number): readonly number[];
  /** Position of the box of some depth around a box, itself included. */
  at(index: number, depth: PageNode['depth']): number | undefined;
}

export function pageGraph(data: PageData): PageGraph {
  const children: number[][] = data.nodes.map(() => []);
  data.nodes.forEach(({ parent }, index) => children[parent]?.push(index));
  const byId = new Map(data.nodes.map(({ id }, index) => [id, index]));
  const above = (index: number): readonly number[] => {
    const found: number[] = [];
    for (let at = data.nodes[index]?.parent ?? -1; at >= 0; at = data.nodes[at]?.parent ?? -1) found.push(at);
    return found;
  };
  return {
    data,
    nodes: data.nodes,
    children,
    byId,
    above,
    at: (index, depth) => [index, ...above(index)].find((one) => data.nodes[one]?.depth === depth),
  };
}

/** Everything that can be reached from a box along arrows, the box left out. */
export function reached(arrows: readonly Pick<PageArrow, 'from' | 'to'>[], start: number, way: 'up' | 'down'): ReadonlySet<number> {
  const next = new Map<number, number[]>();
  for (const { from, to } of arrows) {
    const [here, there] = way === 'down' ? [from, to] : [to, from];
    const known = next.get(here);
    if (known === undefined) next.set(here, [there]);
    else known.push(there);
  }
  const found = new Set<number>();
  const waiting = [start];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const one of next.get(at) ?? []) {
      if (found.has(one) || one === start) continue;
      found.add(one);
      waiting.push(one);
    }
  }
  return found;
}
