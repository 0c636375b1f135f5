import { segmentsOf } from './labels';
import type { PlacedEdge, Point } from './picture';

/** How far a line that joins another one overlaps it, so that no gap shows at the rounded corner. */
const overlap = 7;

/**
 * The part of each arrow's line that no earlier arrow of its kind has drawn yet. Arrows that share a stem would otherwise be drawn over
 * each other, which makes the stem look thicker. Undefined where nothing is left.
 */
export function strokesOf(edges: readonly PlacedEdge[]): readonly (readonly Point[] | undefined)[] {
  const drawn = new Map<string, [number, number][]>();
  return edges.map(({ edge, points }) => {
    const start = covered(points, edge.kind, drawn);
    const end = covered([...points].reverse(), edge.kind, drawn);
    for (const { from, to } of segmentsOf(points)) {
      const { key, low, high } = laneOf(from, to, edge.kind);
      drawn.set(key, [...(drawn.get(key) ?? []), [low, high]]);
    }
    return start === undefined || end === undefined ? undefined : cut(points, start, end);
  });
}

interface Cut {
  /** Index of the segment in which new ground begins. */
  readonly segment: number;
  readonly point: Point;
}

/** Where a line leaves what is drawn already; undefined when it never does. */
function covered(points: readonly Point[], kind: string, drawn: ReadonlyMap<string, readonly [number, number][]>): Cut | undefined {
  let index = 0;
  for (const { from, to } of segmentsOf(points)) {
    const { key, low, high } = laneOf(from, to, kind);
    const forwards = from.x + from.y < to.x + to.y;
    let reach = forwards ? low : high;
    for (let grown = true; grown;) {
      grown = false;
      for (const [left, right] of drawn.get(key) ?? []) {
        if (forwards && left <= reach && right > reach) [reach, grown] = [right, true];
        if (!forwards && right >= reach && left < reach) [reach, grown] = [left, true];
      }
    }
    const whole = forwards ? reach >= high : reach <= low;
    if (!whole) {
      const back = forwards ? Math.max(low, reach - overlap) : Math.min(high, reach + overlap);
      return { segment: index, point: from.y === to.y ? { x: back, y: from.y } : { x: from.x, y: back } };
    }
    index += 1;
  }
  return undefined;
}

function cut(points: readonly Point[], start: Cut, end: Cut): readonly Point[] {
  const last = points.length - 2 - end.segment;
  if (last < start.segment) return points;
  return [start.point, ...points.slice(start.segment + 1, last + 1), end.point];
}

function laneOf(from: Point, to: Point, kind: string): { readonly key: string; readonly low: number; readonly high: number } {
  const level = from.y === to.y;
  const [one, other] = level ? [from.x, to.x] : [from.y, to.y];
  return { key: level ? `${kind} y ${from.y}` : `${kind} x ${from.x}`, low: Math.min(one, other), high: Math.max(one, other) };
}
