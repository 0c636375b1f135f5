import type { Arrangement, Route } from './arrangement';
import { compacted } from './compaction';
import { crosses, segmentsOf, type Segment } from './labels';
import type { Box, Point } from './picture';
import { clusterPadding, idsBelow, type Item } from './tree';

/**
 * What ELK leaves loose, pulled tight: clusters no larger than what lies in them, arrows without small steps beside a box, no empty
 * bands. `widths` are the least widths of clusters that were widened for their labels.
 */
export function withoutSlack(arrangement: Arrangement, widths: ReadonlyMap<string, number>): Arrangement {
  return compacted(straightened(tightened(arrangement, widths)), widths);
}

/** Draws each cluster's border in to what lies in it; nothing moves, and no border moves out. */
function tightened(arrangement: Arrangement, widths: ReadonlyMap<string, number>): Arrangement {
  const boxes = new Map(arrangement.boxes.map(({ item, box }) => [item.id, box]));
  const present = new Set(arrangement.boxes.map(({ item }) => item));
  // An arrow that ends at a cluster has to touch its border.
  const ends = new Set(arrangement.routes.flatMap(({ edge }) => [edge.from, edge.to]));
  // Inner clusters come later in the list than the ones they lie in.
  for (const { item } of [...arrangement.boxes].reverse()) {
    const old = boxes.get(item.id);
    if (item.kind === 'node' || old === undefined || ends.has(item.id) || !item.children.every((child) => present.has(child))) continue;
    const inside = idsBelow(item.children);
    const routes = arrangement.routes.filter(({ edge }) => inside.has(edge.from) && inside.has(edge.to));
    const boxesInside = item.children.flatMap((child) => boxes.get(child.id) ?? []);
    const lanes = arrangement.routes
      .flatMap((route) => segmentsOf(route.points))
      .filter((segment) => segment.from.y === segment.to.y && crosses(segment, old))
      .map((segment) => segment.from.y);
    const frame = frameOf(old, boxesInside, routes, lanes, widths.get(item.id) ?? item.minimumWidth);
    boxes.set(item.id, clearOfArrows(frame, old, arrangement.routes));
  }
  return { ...arrangement, boxes: arrangement.boxes.map(({ item, box }) => ({ item, box: boxes.get(item.id) ?? box })) };
}

/** `lanes` are the heights of the level pieces of arrows that run through the cluster; the label's band stays above them. */
function frameOf(old: Box, boxes: readonly Box[], routes: readonly Route[], lanes: readonly number[], minimumWidth: number): Box {
  const points = [
    ...boxes.flatMap(({ x, y, width, height }) => [
      { x, y },
      { x: x + width, y: y + height },
    ]),
    ...routes.flatMap((route) => route.points),
  ];
  const { top, right, bottom, left } = clusterPadding;
  const y = Math.max(old.y, Math.min(...lanes, ...points.map((point) => point.y)) - top);
  const x = Math.max(old.x, Math.min(...points.map((point) => point.x)) - left);
  const end = Math.min(old.x + old.width, Math.max(Math.max(...points.map((point) => point.x)) + right, x + minimumWidth));
  const low = Math.min(old.y + old.height, Math.max(...points.map((point) => point.y)) + bottom);
  return {
    x: Math.min(x, Math.max(old.x, end - minimumWidth)),
    y,
    width: end - Math.min(x, Math.max(old.x, end - minimumWidth)),
    height: low - y,
  };
}

/** A frame whose left and right borders no arrow runs along: such an arrow lies inside of it, as far as the old frame reached. */
function clearOfArrows(frame: Box, old: Box, routes: readonly Route[]): Box {
  const uprights = routes
    .flatMap(({ points }) => segmentsOf(points))
    .filter(({ from, to }) => from.x === to.x && Math.min(from.y, to.y) < frame.y + frame.height && Math.max(from.y, to.y) > frame.y)
    .map(({ from }) => from.x);
  const along = (border: number): readonly number[] => uprights.filter((x) => Math.abs(x - border) < laneSpace);
  const left = Math.max(old.x, Math.min(frame.x, ...along(frame.x).map((x) => x - laneSpace)));
  const end = frame.x + frame.width;
  const right = Math.min(old.x + old.width, Math.max(end, ...along(end).map((x) => x + laneSpace)));
  return { ...frame, x: left, width: right - left };
}

const longestStep = 14;
const cornerSpace = 8;
const laneSpace = 7;

/** Moves the end of an arrow along its box where that makes a small step disappear and brings it no nearer to another arrow. */
function straightened(arrangement: Arrangement): Arrangement {
  const ends = new Map(arrangement.boxes.map(({ item, box }) => [item.id, box]));
  const items = new Set(arrangement.boxes.map(({ item }) => item));
  const isOpened = (item: Item): boolean => item.kind === 'cluster' && item.children.some((child) => items.has(child));
  const obstacles = arrangement.boxes.flatMap(({ item, box }) => (isOpened(item) ? [] : [box]));
  const pieces = arrangement.routes.map(({ points }) => segmentsOf(points));
  const routes = arrangement.routes.map((route, index) => {
    const isTaken = (lane: Box, upright: boolean): boolean =>
      pieces.some(
        (segments, other) =>
          other !== index && segments.some((one) => (upright ? one.from.x === one.to.x : one.from.y === one.to.y) && crosses(one, lane)),
      );
    const fromStart = withoutFirstStep(route.points, ends.get(route.edge.from), isTaken, obstacles);
    const points = withoutFirstStep([...fromStart].reverse(), ends.get(route.edge.to), isTaken, obstacles).toReversed();
    if (points.length === route.points.length) return route;
    pieces[index] = segmentsOf(points);
    return { ...route, points };
  });
  return { ...arrangement, routes };
}

function withoutFirstStep(
  points: readonly Point[],
  box: Box | undefined,
  isTaken: (lane: Box, upright: boolean) => boolean,
  obstacles: readonly Box[],
): readonly Point[] {
  const [first, second, third, fourth] = points;
  if (box === undefined || first === undefined || second === undefined || third === undefined || fourth === undefined) return points;
  const upright = first.x === second.x;
  const step = upright ? third.x - second.x : third.y - second.y;
  const onwards = upright
    ? Math.sign(second.y - first.y) === Math.sign(fourth.y - third.y)
    : Math.sign(second.x - first.x) === Math.sign(fourth.x - third.x);
  if (step === 0 || Math.abs(step) > longestStep || !onwards) return points;
  const start: Point = upright ? { x: third.x, y: first.y } : { x: first.x, y: third.y };
  const onSide = upright
    ? start.x >= box.x + cornerSpace && start.x <= box.x + box.width - cornerSpace
    : start.y >= box.y + cornerSpace && start.y <= box.y + box.height - cornerSpace;
  const moved: Segment = { from: start, to: third };
  const old: Segment = { from: first, to: second };
  const lane = upright ? around(moved, laneSpace, 0) : around(moved, 0, laneSpace);
  if (!onSide || isTaken(lane, upright) || isTaken(around(old, 0.5, 0.5), upright)) return points;
  return obstacles.some((obstacle) => obstacle !== box && crosses(moved, obstacle)) ? points : [start, ...points.slice(3)];
}

function around({ from, to }: Segment, x: number, y: number): Box {
  const left = Math.min(from.x, to.x) - x;
  const top = Math.min(from.y, to.y) - y;
  return { x: left, y: top, width: Math.max(from.x, to.x) + x - left, height: Math.max(from.y, to.y) + y - top };
}
