import type { Placed } from './arrange';

export type Way = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

const ways: Readonly<Record<Way, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The position in the data of the closed box that lies next to one in some direction; the first box where none is given. */
export function nearest(boxes: readonly Placed[], from: number | undefined, way: Way): number | undefined {
  const closed = boxes.filter(({ open }) => !open);
  const start = boxes.find(({ index }) => index === from);
  if (start === undefined) return closed[0]?.index;
  const [dx, dy] = ways[way];
  const middle = (box: Placed): readonly [number, number] => [box.x + box.width / 2, box.y + box.height / 2];
  const [x, y] = middle(start);
  let best: { readonly index: number; readonly distance: number } | undefined;
  for (const box of closed) {
    const [bx, by] = middle(box);
    const along = (bx - x) * dx + (by - y) * dy;
    const aside = Math.abs((bx - x) * dy) + Math.abs((by - y) * dx);
    if (box.index === from || along <= 1) continue;
    const distance = along + 2.5 * aside;
    if (best === undefined || distance < best.distance) best = { index: box.index, distance };
  }
  return best?.index;
}
