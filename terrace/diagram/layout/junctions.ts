import { segmentsOf } from './labels';
import type { PlacedEdge, Point } from './picture';

type Line = Pick<PlacedEdge, 'edge' | 'points'>;

/** Where arrows that leave one box, or lead to one, part from each other or come together; each point once, with the later arrow. */
export function junctionsOf(lines: readonly Line[]): readonly (readonly Point[])[] {
  const seen = new Set<string>();
  return lines.map((line, index) =>
    lines.slice(0, index).flatMap((other) => {
      const points = [
        ...(line.edge.from === other.edge.from ? [parting(line.points, other.points)] : []),
        ...(line.edge.to === other.edge.to ? [parting([...line.points].reverse(), [...other.points].reverse())] : []),
      ];
      return points.flatMap((point) => {
        const key = `${point?.x} ${point?.y}`;
        if (point === undefined || seen.has(key)) return [];
        seen.add(key);
        return [point];
      });
    }),
  );
}

/** The end of what two lines share from their beginning on; undefined where they share nothing, or one is the beginning of the other. */
function parting(one: readonly Point[], other: readonly Point[]): Point | undefined {
  const [left, right] = [segmentsOf(one), segmentsOf(other)];
  if (one[0]?.x !== other[0]?.x || one[0]?.y !== other[0]?.y) return undefined;
  for (const [index, { from, to }] of left.entries()) {
    const beside = right[index];
    if (beside === undefined) return undefined;
    const [ahead, sideways] = [reach(from, to), reach(from, beside.to)];
    if (ahead.direction !== sideways.direction) return index === 0 ? undefined : from;
    if (ahead.length === sideways.length) continue;
    const [shorter, isLast] = ahead.length < sideways.length ? [to, index === left.length - 1] : [beside.to, index === right.length - 1];
    return isLast ? undefined : shorter;
  }
  return undefined;
}

function reach(from: Point, to: Point): { readonly direction: string; readonly length: number } {
  const [x, y] = [to.x - from.x, to.y - from.y];
  return { direction: `${Math.sign(x)} ${Math.sign(y)}`, length: Math.abs(x) + Math.abs(y) };
}
