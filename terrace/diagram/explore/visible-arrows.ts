import { reduced } from '../describe/reduction';
import type { ArrowKind } from './page-data';
import type { PageGraph } from './page-graph';
import type { ViewState } from './state';

/** An arrow between two boxes that are shown, for one or more of what lies in them. */
export interface ShownArrow {
  readonly from: number;
  readonly to: number;
  readonly kind: ArrowKind;
  /** What each says, at most a dozen, the rest counted. */
  readonly texts: readonly string[];
}

const mostTexts = 12;
const ranks: readonly ArrowKind[] = ['reference', 'state', 'order', 'traffic'];

/** Every arrow lifted to the boxes that are shown; those within one box are not among them. */
export function liftedArrows(graph: PageGraph, shown: ReadonlySet<number>): readonly ShownArrow[] {
  const lifted = graph.nodes.map((_, index): number | undefined => [index, ...graph.above(index)].find((one) => shown.has(one)));
  const pairs = new Map<string, { from: number; to: number; kind: ArrowKind; texts: string[] }>();
  for (const { from, to, kind, text } of graph.data.arrows) {
    const [start, end] = [lifted[from], lifted[to]];
    if (start === undefined || end === undefined || start === end || isAround(graph, start, end) || isAround(graph, end, start)) continue;
    const key = `${start} ${end} ${kind === 'traffic' ? 'traffic' : 'needs'}`;
    const known = pairs.get(key);
    if (known === undefined) pairs.set(key, { from: start, to: end, kind, texts: [text] });
    else {
      if (ranks.indexOf(kind) < ranks.indexOf(known.kind)) known.kind = kind;
      if (!known.texts.includes(text)) known.texts.push(text);
    }
  }
  return [...pairs.values()].map(({ texts, ...arrow }) => ({
    ...arrow,
    texts: texts.length <= mostTexts ? texts : [...texts.slice(0, mostTexts), `and ${texts.length - mostTexts} more`],
  }));
}

/** Those that the switches ask for. */
export function switchedArrows(
  arrows: readonly ShownArrow[],
  state: Pick<ViewState, 'needs' | 'traffic' | 'implied'>,
): readonly ShownArrow[] {
  const needs = state.needs ? arrows.filter(({ kind }) => kind !== 'traffic') : [];
  const traffic = state.traffic ? arrows.filter(({ kind }) => kind === 'traffic') : [];
  return [...(state.implied ? needs : withoutImplied(needs)), ...traffic];
}

function withoutImplied(arrows: readonly ShownArrow[]): readonly ShownArrow[] {
  return reduced(arrows.map((arrow) => ({ from: String(arrow.from), to: String(arrow.to), arrow }))).map(({ arrow }) => arrow);
}

function isAround(graph: PageGraph, outer: number, inner: number): boolean {
  return graph.above(inner).includes(outer);
}
