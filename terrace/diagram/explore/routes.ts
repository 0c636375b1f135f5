import type { Placed } from './arrange';

type Box = Pick<Placed, 'x' | 'y' | 'width' | 'height'>;

/** The line of an arrow as an SVG path, from the side of one box that looks at the other to that of the other, and the triangle of its head. */
export function routeOf(from: Box, to: Box): { readonly line: string; readonly head: string } {
  const middle = (box: Box): { readonly x: number; readonly y: number } => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  const [start, end] = [middle(from), middle(to)];
  const isApart = from.x + from.width <= to.x || to.x + to.width <= from.x;
  if (isApart) {
    const way = to.x > from.x ? 1 : -1;
    const x1 = way > 0 ? from.x + from.width : from.x;
    const x2 = way > 0 ? to.x : to.x + to.width;
    const bend = Math.min(160, Math.max(24, Math.abs(x2 - x1) / 2));
    const stop = x2 - way * 7;
    return {
      line: `M${x1} ${start.y}C${x1 + way * bend} ${start.y} ${stop - way * bend} ${end.y} ${stop} ${end.y}`,
      head: `M${x2} ${end.y}l${-way * 8} -4v8z`,
    };
  }
  const way = end.y > start.y ? 1 : -1;
  const y1 = way > 0 ? from.y + from.height : from.y;
  const y2 = way > 0 ? to.y : to.y + to.height;
  const bend = Math.max(14, Math.abs(y2 - y1) / 2);
  const stop = y2 - way * 7;
  return {
    line: `M${start.x} ${y1}C${start.x} ${y1 + way * bend} ${end.x} ${stop - way * bend} ${end.x} ${stop}`,
    head: `M${end.x} ${y2}l-4 ${-way * 8}h8z`,
  };
}
