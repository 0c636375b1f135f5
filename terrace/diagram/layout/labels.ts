import { clusterLabel, fonts } from '../measure/card';
import type { DiagramCluster, DiagramEdge } from '../describe/diagram';
import type { Box, PlacedCluster, PlacedEdge, PlacedNode, Point } from './picture';
import { widthOf } from '../measure/text';
import { clusterLabelBaseline, clusterPadding } from './tree';

type Route = Omit<PlacedEdge, 'label'>;

/** A straight piece of an arrow. */
export interface Segment {
  readonly from: Point;
  readonly to: Point;
}

export function segmentsOf(points: readonly Point[]): readonly Segment[] {
  return points.slice(1).map((to, index) => ({ from: points[index] ?? to, to }));
}

/** Where a cluster's label stands in its upper band: as far left as it goes without an arrow through it; undefined where no gap is wide enough. */
export function clusterLabelX(box: Box, cluster: DiagramCluster, routes: readonly Pick<Route, 'points'>[]): number | undefined {
  const { width } = clusterLabel(cluster);
  const first = box.x + clusterPadding.left;
  const last = box.x + box.width - 8 - width;
  const blocked = blockedIn(box, routes);
  const free = (x: number): boolean => x >= first && x <= last && blocked.every(({ low, high }) => high < x - 6 || low > x + width + 6);
  return [first, ...blocked.map(({ high }) => high + 8)].sort((left, right) => left - right).find(free);
}

/** The width at which a cluster's label fits to the right of every arrow that crosses its upper band. */
export function widthForLabel(box: Box, cluster: DiagramCluster, routes: readonly Pick<Route, 'points'>[]): number {
  return Math.max(box.x, ...blockedIn(box, routes).map(({ high }) => high)) + 8 + clusterLabel(cluster).width + 10 - box.x;
}

/** What arrows take of the band in which a cluster's label stands. */
function blockedIn(box: Box, routes: readonly Pick<Route, 'points'>[]): { readonly low: number; readonly high: number }[] {
  const band: Box = { x: box.x, y: box.y + clusterLabelBaseline - 14, width: box.width, height: 20 };
  return routes.flatMap(({ points }) =>
    segmentsOf(points)
      .filter((segment) => crosses(segment, band))
      .map(({ from, to }) => ({ low: Math.min(from.x, to.x), high: Math.max(from.x, to.x) })),
  );
}

/** The box that a cluster's label takes. */
export function clusterLabelBox({ cluster, y, labelX }: PlacedCluster): Box {
  return { x: labelX, y: y + clusterLabelBaseline - 12, width: clusterLabel(cluster).width, height: 16 };
}

/** Pixels that the widest of the arrows' labels takes; 0 without labels. */
export function widestLabel(edges: readonly DiagramEdge[]): number {
  return Math.max(0, ...edges.map(({ label }) => (label === undefined ? 0 : labelWidth(label))));
}

function labelWidth(text: string): number {
  return widthOf(text, fonts.edge) + 8;
}

const labelHeight = 16;
const headSpace = 9;

/** Gives each arrow's label the first place along the arrow where it covers nothing else, from the head backwards. */
export function withLabels(
  routes: readonly Route[],
  nodes: readonly PlacedNode[],
  clusters: readonly PlacedCluster[],
): readonly PlacedEdge[] {
  const taken: Box[] = [...nodes, ...clusters.map(clusterLabelBox)];
  return routes.map((route) => {
    const text = route.edge.label;
    if (text === undefined) return route;
    const width = labelWidth(text);
    const others = routes.filter((other) => other !== route).flatMap((other) => segmentsOf(other.points));
    const tip = route.points.at(-1) ?? { x: 0, y: 0 };
    const head: Box = { x: tip.x - headSpace, y: tip.y - headSpace, width: 2 * headSpace, height: 2 * headSpace };
    const places = [...segmentsOf(route.points)].reverse().flatMap((segment) => placesOn(segment, width));
    const badness = (box: Box): number =>
      100 * [...taken, head].filter((other) => overlaps(box, other, 1)).length +
      others.filter((segment) => crosses(segment, box)).length +
      5 * clusters.filter((cluster) => crossesBorder(box, cluster)).length;
    const label = places.reduce<Box | undefined>(
      (best, place) => (best === undefined || badness(place) < badness(best) ? place : best),
      undefined,
    );
    if (label === undefined) return route;
    taken.push(label);
    return { ...route, label };
  });
}

/** Places along a piece of an arrow, its middle first, clear of corners and of the arrow's head. */
function placesOn({ from, to }: Segment, width: number): Box[] {
  const length = Math.abs(to.x - from.x) + Math.abs(to.y - from.y);
  const half = from.y === to.y ? width / 2 : labelHeight / 2;
  const reach = length / 2 - half - headSpace;
  const shifts = [0];
  for (let shift = 12; shift <= reach; shift += 12) shifts.push(shift, -shift);
  return shifts.map((shift) => {
    const part = 0.5 + (length === 0 ? 0 : shift / length);
    return {
      x: Math.round(from.x + (to.x - from.x) * part - width / 2),
      y: Math.round(from.y + (to.y - from.y) * part - labelHeight / 2),
      width,
      height: labelHeight,
    };
  });
}

/** True when two boxes come nearer than `distance`. */
export function overlaps(one: Box, other: Box, distance = 0): boolean {
  return (
    one.x < other.x + other.width + distance &&
    other.x < one.x + one.width + distance &&
    one.y < other.y + other.height + distance &&
    other.y < one.y + one.height + distance
  );
}

/** True when a piece of an arrow runs through the inside of a box. */
export function crosses({ from, to }: Segment, box: Box): boolean {
  return (
    Math.min(from.x, to.x) < box.x + box.width &&
    Math.max(from.x, to.x) > box.x &&
    Math.min(from.y, to.y) < box.y + box.height &&
    Math.max(from.y, to.y) > box.y
  );
}

function crossesBorder(box: Box, frame: Box): boolean {
  const inside =
    box.x > frame.x && box.y > frame.y && box.x + box.width < frame.x + frame.width && box.y + box.height < frame.y + frame.height;
  return overlaps(box, frame) && !inside;
}
