import type { Picture, Point } from './picture';

interface Piece {
  readonly from: Point;
  readonly to: Point;
  readonly arrow: number;
}

/**
 * How often arrows cross in a picture: a piece that runs across another one's, neither at its end. Arrows that share a stem do not cross there.
 * The time grows with the number of pieces that lie across at the same height.
 */
export function crossingsOf({ edges }: Pick<Picture, 'edges'>): number {
  const across: Piece[] = [];
  const down: Piece[] = [];
  edges.forEach(({ points }, arrow) => {
    points.slice(1).forEach((to, index) => {
      const from = points[index] ?? to;
      if (from.y === to.y && from.x !== to.x) across.push({ from, to, arrow });
      else if (from.x === to.x && from.y !== to.y) down.push({ from, to, arrow });
    });
  });
  const sorted = down.toSorted((one, other) => one.from.x - other.from.x);
  const places = new Set<string>();
  for (const { from, to, arrow } of across) {
    const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
    for (let at = firstAfter(sorted, left); at < sorted.length; at += 1) {
      const other = sorted[at];
      if (other === undefined || other.from.x >= right) break;
      const [top, bottom] = [Math.min(other.from.y, other.to.y), Math.max(other.from.y, other.to.y)];
      if (other.arrow !== arrow && top < from.y && from.y < bottom) places.add(`${other.from.x} ${from.y}`);
    }
  }
  return places.size;
}

/** Position of the first piece to the right of `x`. */
function firstAfter(pieces: readonly Piece[], x: number): number {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((pieces[middle]?.from.x ?? 0) <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}
