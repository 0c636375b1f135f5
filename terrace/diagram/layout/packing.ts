/** Something with a size that has to find a place. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Packed extends Size {
  /** Upper left corners, in the order of the blocks. */
  readonly places: readonly { readonly x: number; readonly y: number }[];
}

/** Width over height that a container aims at. */
const aspect = 1.6;

/**
 * Sets blocks in rows, in their order, or in columns of equal width, so that the whole comes near to the shape of a page and is no wider
 * than `limit` where that can be. Linear in the number of arrangements tried (at most twice the number of blocks).
 */
export function pack(blocks: readonly Size[], gap: number, limit: number): Packed {
  const widest = Math.max(0, ...blocks.map((block) => block.width));
  const widths = new Set<number>([widest]);
  let sum = 0;
  for (const block of blocks) {
    sum += (sum === 0 ? 0 : gap) + block.width;
    widths.add(Math.max(widest, sum));
  }
  const candidates = [...widths].flatMap((width) => [
    inRows(blocks, gap, width),
    inColumns(blocks, gap, Math.max(1, Math.floor((width + gap) / (widest + gap)))),
  ]);
  // Where one block alone is too wide, the whole is no wider than that block.
  const most = Math.max(limit, widest);
  const [first, ...rest] = candidates.filter(({ width }) => width <= most);
  return rest.reduce((best, one) => (cost(one) < cost(best) - 0.5 ? one : best), first ?? { places: [], width: 0, height: 0 });
}

/** Sets blocks side by side or one below the other, in their order, from the same edge. */
export function inLine(blocks: readonly Size[], gap: number, way: 'row' | 'column'): Packed {
  const places: { x: number; y: number }[] = [];
  let [at, across] = [0, 0];
  for (const { width, height } of blocks) {
    places.push(way === 'row' ? { x: at, y: 0 } : { x: 0, y: at });
    at += (way === 'row' ? width : height) + gap;
    across = Math.max(across, way === 'row' ? height : width);
  }
  const along = Math.max(0, at - gap);
  return way === 'row' ? { places, width: along, height: across } : { places, width: across, height: along };
}

function cost({ width, height }: Size): number {
  return Math.max(width / aspect, height) + (width / aspect + height) * 0.1;
}

function inRows(blocks: readonly Size[], gap: number, limit: number): Packed {
  const places: { x: number; y: number }[] = [];
  let [x, y, rowHeight, width] = [0, 0, 0, 0];
  for (const block of blocks) {
    if (x > 0 && x + block.width > limit) [x, y, rowHeight] = [0, y + rowHeight + gap, 0];
    places.push({ x, y });
    width = Math.max(width, x + block.width);
    rowHeight = Math.max(rowHeight, block.height);
    x += block.width + gap;
  }
  return { places, width, height: y + rowHeight };
}

/** Each block goes to the shortest column, the leftmost of equals. */
function inColumns(blocks: readonly Size[], gap: number, count: number): Packed {
  const widest = Math.max(0, ...blocks.map((block) => block.width));
  const heights = Array.from({ length: Math.min(count, Math.max(1, blocks.length)) }, () => 0);
  const places = blocks.map((block) => {
    const shortest = Math.min(...heights);
    const column = heights.indexOf(shortest);
    const y = shortest === 0 ? 0 : shortest + gap;
    heights[column] = y + block.height;
    return { x: column * (widest + gap), y };
  });
  const width = Math.max(0, ...places.map((place, index) => place.x + (blocks[index]?.width ?? 0)));
  return { places, width, height: Math.max(...heights) };
}
