import { cut } from '../measure/text';
import { fonts } from '../measure/card';
import { arrange, type Item, type Placed } from './arrange';
import { compared, type Comparison } from './compare';
import { matchesOf, type Matches } from './matches';
import type { Mark, PageNode, Tone } from './page-data';
import type { PageGraph } from './page-graph';
import { isOpen, type ViewState } from './state';
import { liftedArrows, switchedArrows, type ShownArrow } from './visible-arrows';

/** A box as it is drawn. */
export interface SceneBox extends Placed {
  readonly node: PageNode;
  readonly title: string;
  readonly subtitle: string;
  readonly mark?: Mark;
  /** Marks of what a closed box holds, by tone, the worst first. */
  readonly held: readonly (readonly [tone: Tone, number: number])[];
  /** Findings of the overlay on it and on what it holds unseen. */
  readonly findings: number;
  /** Where else the same stands, on a region that stands for others. */
  readonly alike?: string;
  /** True where the search names it, or something in it that is not shown. */
  readonly named: boolean;
  /** True where something lies in it that could be shown. */
  readonly opens: boolean;
}

/** What a state shows, with every place in pixels; a function of data and state alone. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly SceneBox[];
  readonly arrows: readonly ShownArrow[];
  readonly matches: Matches;
  readonly comparison?: Comparison;
}

/** Pixels of closed boxes. */
const sizes = { folder: { width: 190, height: 54 }, unit: { width: 190, height: 50 }, resource: { width: 190, height: 44 } } as const;
const worst: readonly Tone[] = ['destroy', 'replace', 'failed', 'drift', 'change', 'behind', 'add', 'note', 'same'];

export function sceneOf(graph: PageGraph, state: ViewState): Scene {
  const matches = matchesOf(graph, state);
  const { folded } = matches;
  const comparison = state.compare === undefined ? undefined : compared(graph, state.compare);
  const marks = comparison?.marks ?? overlayMarks(graph, state);
  const shown = new Set<number>();
  const itemOf = (index: number): readonly Item[] => {
    const node = graph.nodes[index];
    if (node === undefined || !matches.kept.has(index)) return [];
    shown.add(index);
    const inside = isOpen(state, node) ? (graph.children[index] ?? []).flatMap(itemOf) : [];
    const size = node.depth === 'resource' ? sizes.resource : node.depth === 'unit' ? sizes.unit : sizes.folder;
    return [{ index, ...size, inside }];
  };
  const items = graph.nodes.flatMap(({ parent }, index) => (parent === -1 ? itemOf(index) : []));
  const arrows = liftedArrows(graph, shown);
  // Places do not depend on switches: a box stays where it was when arrows come and go.
  const order = arrows.filter(({ kind }) => kind !== 'traffic').map(({ from, to }) => [from, to] as const);
  const arranged = arrange(items, order);
  const namedIn = new Set([...matches.named].flatMap((index) => [index, ...graph.above(index)].find((one) => shown.has(one)) ?? []));
  const held = heldMarks(graph, marks, shown);
  const findings = findingsAt(graph, marks, shown);
  return {
    width: arranged.width,
    height: arranged.height,
    boxes: arranged.boxes.flatMap((box): SceneBox[] => {
      const node = graph.nodes[box.index];
      if (node === undefined) return [];
      const mark = marks.get(box.index);
      const room = box.width - (box.open ? 40 : 66);
      return [
        {
          ...box,
          node,
          title: cut(node.title, room, fonts.title),
          subtitle: cut(folded.differences.get(box.index) ?? node.subtitle, box.open ? 160 : room, fonts.line),
          ...(folded.words.has(box.index)
            ? { alike: cut(folded.words.get(box.index) ?? '', Math.max(40, box.width - 130), fonts.line) }
            : {}),
          held: held.get(box.index) ?? [],
          findings: findings.get(box.index) ?? 0,
          named: namedIn.has(box.index),
          opens: (graph.children[box.index] ?? []).some((child) => matches.kept.has(child)),
          ...(mark === undefined ? {} : { mark }),
        },
      ];
    }),
    arrows: switchedArrows(arrows, state),
    matches,
    ...(comparison === undefined ? {} : { comparison }),
  };
}

function overlayMarks(graph: PageGraph, { overlay }: ViewState): ReadonlyMap<number, Mark> {
  const found = overlay === undefined ? undefined : graph.data.overlays[overlay];
  return new Map(
    Object.entries(found?.marks ?? {}).flatMap(([id, mark]) => {
      const index = graph.byId.get(id);
      return index === undefined ? [] : [[index, mark] as const];
    }),
  );
}

/** What boxes that are not shown say, counted at the one that holds them. */
function heldMarks(
  graph: PageGraph,
  marks: ReadonlyMap<number, Mark>,
  shown: ReadonlySet<number>,
): ReadonlyMap<number, readonly (readonly [Tone, number])[]> {
  const counts = new Map<number, Map<Tone, number>>();
  for (const [index, { tone }] of marks) {
    if (shown.has(index) || tone === 'same') continue;
    const holder = graph.above(index).find((one) => shown.has(one));
    if (holder === undefined) continue;
    const tones = counts.get(holder) ?? new Map<Tone, number>();
    counts.set(holder, tones.set(tone, (tones.get(tone) ?? 0) + 1));
  }
  return new Map(
    [...counts].map(([index, tones]) => [index, worst.flatMap((tone) => (tones.has(tone) ? [[tone, tones.get(tone) ?? 0] as const] : []))]),
  );
}

/** Numbers of findings, each at its own box or at the one that holds it unseen. */
function findingsAt(graph: PageGraph, marks: ReadonlyMap<number, Mark>, shown: ReadonlySet<number>): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const [index, { findings = [] }] of marks) {
    const at = [index, ...graph.above(index)].find((one) => shown.has(one));
    if (at !== undefined && findings.length > 0) counts.set(at, (counts.get(at) ?? 0) + findings.length);
  }
  return counts;
}
