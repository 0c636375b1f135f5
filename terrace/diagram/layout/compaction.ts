import type { Arrangement } from './arrangement';
import { clusterLabel } from '../measure/card';
import { widestLabel } from './labels';
import type { Box, Point } from './picture';

/** Pixels that a band with nothing but straight lines in it keeps. */
const band = 38;

/**
 * Takes out what is needlessly empty: bands across the whole arrangement, upright or level, that hold no box and no bend become at
 * most 38 pixels wide, or as wide as a label needs. The order of everything stays, so nothing can come to overlap. `widened` names the clusters whose free right end
 * is where their label goes.
 */
export function compacted(arrangement: Arrangement, widened: ReadonlyMap<string, number>): Arrangement {
  const nodes = arrangement.boxes.filter(({ item }) => item.kind === 'node').map(({ box }) => box);
  const labels = arrangement.boxes.flatMap(({ item, box }) => {
    if (item.kind === 'node') return [];
    const right = clusterLabel(item.cluster).width + 20;
    return [
      { ...box, width: Math.min(box.width, item.minimumWidth) },
      ...(widened.has(item.id) ? [{ ...box, x: box.x + box.width - right, width: right }] : []),
    ];
  });
  const lying = widestLabel(arrangement.routes.map(({ edge }) => edge));
  const across = shiftAlong(arrangement, 'x', [...nodes, ...labels], Math.max(band, lying + 22));
  const along = shiftAlong(arrangement, 'y', nodes, band);
  const move = (point: Point): Point => ({ x: across(point.x), y: along(point.y) });
  const boxes = arrangement.boxes.map(({ item, box }) => {
    const { x, y } = move(box);
    return { item, box: { x, y, width: across(box.x + box.width) - x, height: along(box.y + box.height) - y } };
  });
  const routes = arrangement.routes.map((route) => ({ ...route, points: route.points.map(move) }));
  return trimmed({ ...arrangement, boxes, routes });
}

/** The arrangement in the smallest frame that holds it. */
function trimmed({ boxes, routes }: Arrangement): Arrangement {
  const corners = [
    ...boxes.flatMap(({ box }) => [
      { x: box.x, y: box.y },
      { x: box.x + box.width, y: box.y + box.height },
    ]),
    ...routes.flatMap((route) => route.points),
  ];
  const left = Math.min(...corners.map((point) => point.x));
  const top = Math.min(...corners.map((point) => point.y));
  const move = <T extends Point>(point: T): T => ({ ...point, x: point.x - left, y: point.y - top });
  return {
    width: Math.max(...corners.map((point) => point.x)) - left,
    height: Math.max(...corners.map((point) => point.y)) - top,
    boxes: boxes.map(({ item, box }) => ({ item, box: move(box) })),
    routes: routes.map((route) => ({ ...route, points: route.points.map(move) })),
  };
}

function shiftAlong({ boxes, routes }: Arrangement, axis: 'x' | 'y', rigid: readonly Box[], most: number): (position: number) => number {
  const extent = axis === 'x' ? 'width' : 'height';
  const solid = rigid.map((box) => ({ low: box[axis], high: box[axis] + box[extent] }));
  const marks = [
    ...boxes.flatMap(({ box }) => [box[axis], box[axis] + box[extent]]),
    ...routes.flatMap(({ points }) => points.map((point) => point[axis])),
  ];
  const sorted = [...new Set(marks)].sort((left, right) => left - right);
  const saved: { readonly after: number; readonly by: number }[] = [];
  sorted.slice(1).forEach((high, index) => {
    const low = sorted[index] ?? high;
    const excess = high - low - most;
    if (excess > 0 && !solid.some((one) => one.low < high && one.high > low)) saved.push({ after: high, by: excess });
  });
  return (position) => position - saved.reduce((sum, { after, by }) => (position >= after ? sum + by : sum), 0);
}
