import type { Difference } from './compare';
import type { Mark, OverlayName, PageNode } from './page-data';
import { overlayNames } from './page-data';
import type { PageGraph } from './page-graph';
import type { Scene } from './scene';
import type { ViewState } from './state';

/** What the side panel says of a box. */
export interface Details {
  readonly node: PageNode;
  /** The folders and the unit around it, outermost first. */
  readonly around: readonly PageNode[];
  readonly marks: readonly (readonly [overlay: OverlayName, mark: Mark])[];
  /** Boxes in it that findings are about, with these. */
  readonly found: readonly (readonly [box: Neighbour, findings: Findings])[];
  readonly differences: readonly Difference[];
  /** Boxes that an arrow of the source joins with it or what lies in it, each once, with what the arrows say. */
  readonly uses: readonly Neighbour[];
  readonly usedBy: readonly Neighbour[];
  readonly calls: readonly Neighbour[];
  readonly calledBy: readonly Neighbour[];
  readonly inside: number;
}

export interface Neighbour {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

type Findings = NonNullable<Mark['findings']>;

const mostNeighbours = 40;

export function detailsOf(graph: PageGraph, scene: Scene, state: ViewState): Details | undefined {
  const index = state.selected === undefined ? undefined : graph.byId.get(state.selected);
  const node = index === undefined ? undefined : graph.nodes[index];
  if (index === undefined || node === undefined) return undefined;
  const isOwn = (at: number): boolean => at === index || graph.above(at).includes(index);
  const neighbours = (isTraffic: boolean, way: 'in' | 'out'): readonly Neighbour[] => {
    const found = new Map<number, string[]>();
    for (const { from, to, kind, text } of graph.data.arrows) {
      if ((kind === 'traffic') !== isTraffic) continue;
      const [own, other] = way === 'in' ? [to, from] : [from, to];
      if (!isOwn(own) || isOwn(other)) continue;
      found.set(other, [...(found.get(other) ?? []), text]);
    }
    return [...found].slice(0, mostNeighbours).flatMap(([at, texts]): Neighbour[] => {
      const other = graph.nodes[at];
      return other === undefined
        ? []
        : [{ id: other.id, title: shortTitle(graph, at, other), text: [...new Set(texts)].slice(0, 6).join('\n') }];
    });
  };
  return {
    node,
    around: graph
      .above(index)
      .toReversed()
      .flatMap((at) => graph.nodes[at] ?? []),
    marks: overlayNames.flatMap((name): [OverlayName, Mark][] => {
      const mark = graph.data.overlays[name]?.marks[node.id];
      return mark === undefined ? [] : [[name, mark]];
    }),
    found: overlayNames.flatMap((name) =>
      Object.entries(graph.data.overlays[name]?.marks ?? {}).flatMap(([id, { findings = [] }]): [Neighbour, Findings][] => {
        const at = graph.byId.get(id);
        const box = at === undefined ? undefined : graph.nodes[at];
        if (at === undefined || box === undefined || at === index || !isOwn(at) || findings.length === 0) return [];
        return [[{ id, title: box.title, text: '' }, findings]];
      }),
    ),
    differences: scene.comparison?.differences.get(index) ?? [],
    uses: neighbours(false, 'in'),
    usedBy: neighbours(false, 'out'),
    calls: neighbours(true, 'out'),
    calledBy: neighbours(true, 'in'),
    inside: graph.nodes.filter((one, at) => one.depth === 'resource' && isOwn(at) && at !== index).length,
  };
}

function shortTitle(graph: PageGraph, index: number, node: PageNode): string {
  const unit = graph.at(index, 'unit');
  const outer = unit === undefined || unit === index ? undefined : graph.nodes[unit];
  return outer === undefined ? node.title : `${outer.title} · ${node.title}`;
}
