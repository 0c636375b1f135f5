import { ranksOf } from './ranks';

/** Something to be placed: its size where it is closed, what lies in it where it is open. */
export interface Item {
  readonly index: number;
  readonly width: number;
  readonly height: number;
  /** Empty where it is closed. */
  readonly inside: readonly Item[];
}

export interface Placed {
  readonly index: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly open: boolean;
  /** 0 for the outermost. */
  readonly level: number;
}

export interface Arranged {
  readonly width: number;
  readonly height: number;
  /** Outer ones first. */
  readonly boxes: readonly Placed[];
}

/** Pixels around what lies in an open box; the top holds its title. */
export const frame = { top: 34, side: 14, bottom: 14 } as const;
const gap = { across: 44, down: 14 } as const;
/** A column that is higher is broken in two, so that no picture is a tower. */
const highest = 900;
/** Width for a height at which boxes without arrows are packed. */
const shape = 1.7;

type Pair = readonly [from: number, to: number];

/**
 * Places boxes within boxes. Where arrows join what lies in a box, it stands in columns in the order of the arrows; what no arrow joins is packed
 * in rows below. The time grows with the number of boxes and arrows.
 */
export function arrange(items: readonly Item[], arrows: readonly Pair[]): Arranged {
  const parents = new Map<number, number>();
  const remember = (inside: readonly Item[], parent: number): void => {
    for (const item of inside) {
      parents.set(item.index, parent);
      remember(item.inside, item.index);
    }
  };
  remember(items, -1);
  return inside(items, siblingArrows(arrows, parents), -1, 0);
}

/** Arrows lifted to the two siblings in which their ends lie, by the box around both. */
function siblingArrows(arrows: readonly Pair[], parents: ReadonlyMap<number, number>): ReadonlyMap<number, readonly Pair[]> {
  const wayUp = (index: number): number[] => {
    const way: number[] = [];
    for (let at: number | undefined = index; at !== undefined && at >= 0; at = parents.get(at)) way.push(at);
    return [...way, -1];
  };
  const found = new Map<number, Map<string, Pair>>();
  for (const [from, to] of arrows) {
    const [one, other] = [wayUp(from).toReversed(), wayUp(to).toReversed()];
    let depth = 0;
    while (depth + 1 < one.length && depth + 1 < other.length && one[depth + 1] === other[depth + 1]) depth += 1;
    const [start, end] = [one[depth + 1], other[depth + 1]];
    if (start === undefined || end === undefined) continue;
    const around = one[depth] ?? -1;
    const pairs = found.get(around) ?? new Map<string, Pair>();
    found.set(around, pairs.set(`${start} ${end}`, [start, end]));
  }
  return new Map([...found].map(([around, pairs]) => [around, [...pairs.values()]]));
}

function inside(items: readonly Item[], arrows: ReadonlyMap<number, readonly Pair[]>, around: number, level: number): Arranged {
  const blocks = new Map(items.map((item) => [item.index, blockOf(item, arrows, level)]));
  const pairs = arrows.get(around) ?? [];
  const joined = new Set(pairs.flat());
  const columns = columnsOf(
    items.filter(({ index }) => joined.has(index)).map(({ index }) => index),
    pairs,
    blocks,
  );
  const ranked = inColumns(columns, blocks);
  const lonely = inRows(
    items.filter(({ index }) => !joined.has(index)).map(({ index }) => index),
    blocks,
    ranked.width,
  );
  if (lonely.height === 0) return ranked;
  const top = ranked.height === 0 ? 0 : ranked.height + 2 * gap.down;
  return {
    width: Math.max(ranked.width, lonely.width),
    height: top + lonely.height,
    boxes: [...ranked.boxes, ...moved(lonely.boxes, 0, top)],
  };
}

function blockOf(item: Item, arrows: ReadonlyMap<number, readonly Pair[]>, level: number): Arranged {
  const { index, width, height } = item;
  if (item.inside.length === 0) return { width, height, boxes: [{ index, x: 0, y: 0, width, height, open: false, level }] };
  const inner = inside(item.inside, arrows, index, level + 1);
  const whole = { width: Math.max(width, inner.width + 2 * frame.side), height: inner.height + frame.top + frame.bottom };
  return { ...whole, boxes: [{ index, x: 0, y: 0, ...whole, open: true, level }, ...moved(inner.boxes, frame.side, frame.top)] };
}

/** Columns by rank, each in the order of where its arrows come from; high ones broken. */
function columnsOf(
  items: readonly number[],
  pairs: readonly Pair[],
  blocks: ReadonlyMap<number, Arranged>,
): readonly (readonly number[])[] {
  const ranks = ranksOf(items, pairs);
  const columns: number[][] = [];
  for (const item of items) (columns[ranks.get(item) ?? 0] ??= []).push(item);
  const position = new Map<number, number>();
  const sources = new Map<number, number[]>();
  for (const [from, to] of pairs) sources.set(to, [...(sources.get(to) ?? []), from]);
  return columns.flatMap((column) => {
    const weight = (item: number): number => {
      const from = (sources.get(item) ?? []).flatMap((one) => position.get(one) ?? []);
      return from.length === 0 ? Number.POSITIVE_INFINITY : from.reduce((sum, one) => sum + one, 0) / from.length;
    };
    const weights = new Map(column.map((item) => [item, weight(item)]));
    const sorted = column.toSorted((one, other) => compare(weights.get(one) ?? 0, weights.get(other) ?? 0));
    sorted.forEach((item, index) => position.set(item, index / Math.max(1, sorted.length - 1)));
    return broken(sorted, blocks);
  });
}

function compare(one: number, other: number): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

function broken(column: readonly number[], blocks: ReadonlyMap<number, Arranged>): readonly (readonly number[])[] {
  const heights = column.map((item) => (blocks.get(item)?.height ?? 0) + gap.down);
  const sum = heights.reduce((all, one) => all + one, 0);
  if (sum <= highest) return [column];
  const limit = sum / Math.ceil(sum / highest);
  const parts: number[][] = [[]];
  let filled = 0;
  column.forEach((item, index) => {
    if (filled > 0 && filled + (heights[index] ?? 0) / 2 > limit) {
      parts.push([]);
      filled = 0;
    }
    parts.at(-1)?.push(item);
    filled += heights[index] ?? 0;
  });
  return parts;
}

function inColumns(columns: readonly (readonly number[])[], blocks: ReadonlyMap<number, Arranged>): Arranged {
  const sizes = columns.map((column) => {
    const arranged = column.map((item) => blocks.get(item)).filter((one) => one !== undefined);
    return {
      arranged,
      width: Math.max(0, ...arranged.map(({ width }) => width)),
      height: arranged.reduce((sum, { height }) => sum + height + gap.down, -gap.down),
    };
  });
  const height = Math.max(0, ...sizes.map((size) => size.height));
  const boxes: Placed[] = [];
  let x = 0;
  for (const size of sizes) {
    let y = (height - size.height) / 2;
    for (const block of size.arranged) {
      boxes.push(...moved(block.boxes, x + (size.width - block.width) / 2, y));
      y += block.height + gap.down;
    }
    x += size.width + gap.across;
  }
  return { width: Math.max(0, x - gap.across), height, boxes };
}

function inRows(items: readonly number[], blocks: ReadonlyMap<number, Arranged>, least: number): Arranged {
  const arranged = items.map((item) => blocks.get(item)).filter((one) => one !== undefined);
  const area = arranged.reduce((sum, { width, height }) => sum + (width + gap.down) * (height + gap.down), 0);
  const limit = Math.max(least, Math.sqrt(area * shape), ...arranged.map(({ width }) => width));
  const boxes: Placed[] = [];
  let [x, y, row, width] = [0, 0, 0, 0];
  for (const block of arranged) {
    if (x > 0 && x + block.width > limit) [x, y, row] = [0, y + row + gap.down, 0];
    boxes.push(...moved(block.boxes, x, y));
    x += block.width + gap.down;
    row = Math.max(row, block.height);
    width = Math.max(width, x - gap.down);
  }
  return { width, height: arranged.length === 0 ? 0 : y + row, boxes };
}

function moved(boxes: readonly Placed[], x: number, y: number): readonly Placed[] {
  return boxes.map((box) => ({ ...box, x: Math.round(box.x + x), y: Math.round(box.y + y) }));
}
