import { joined, moved, type Arrangement } from './arrangement';
import { chainOf, rowsOf } from './chain';
import { checkDiagram, type Diagram, type DiagramEdge, type Direction } from '../describe/diagram';
import { layered, type Part } from './elk';
import { junctionsOf } from './junctions';
import { inLine, pack } from './packing';
import { clusterLabelX, withLabels } from './labels';
import type { Box, Picture, PlacedCluster, PlacedNode, Point } from './picture';
import { clusterPadding, componentsOf, idsBelow, isClosed, treeOf, type ClusterItem, type Item, type NodeItem } from './tree';

/** Width in pixels at which a picture stands on a page without being shrunk. */
export const pageWidth = 1600;
const margin = 24;
const gap = 28;
/** Arrows beyond which only one direction is tried. */
const many = 1000;

type Flow = Exclude<Direction, 'auto'>;

/**
 * Decides the place of every box and arrow. Clusters that no arrow enters or leaves are laid out by themselves, so the time grows with the
 * largest group that arrows join, not with the whole. Raises E9001 for a diagram that cannot be drawn.
 */
export async function layout(diagram: Diagram): Promise<Picture> {
  checkDiagram(diagram);
  const items = treeOf(diagram);
  const edges = diagram.edges.filter((edge) => edge.from !== edge.to);
  const flows: readonly Flow[] = diagram.direction !== 'auto' ? [diagram.direction] : edges.length > many ? ['right'] : ['right', 'down'];
  const limit = pageWidth - 2 * margin;
  const arrangements: Arrangement[] = [];
  for (const flow of flows) arrangements.push(await arrange(items, edges, flow, limit));
  const [first, ...rest] = arrangements;
  const best = rest.reduce((left, right) => (left === undefined || badness(right) < badness(left) ? right : left), first);
  return pictureOf(diagram, best ?? { width: 0, height: 0, boxes: [], routes: [] });
}

/** Smaller is better: beyond the page's width the letters shrink, beyond some height a reader has to scroll. */
function badness({ width, height }: Arrangement): number {
  return Math.max(1, width / pageWidth) ** 3 * (width * 0.4 + height);
}

async function arrange(
  items: readonly Item[],
  edges: readonly DiagramEdge[],
  flow: Flow,
  limit: number,
  way?: 'row' | 'column',
): Promise<Arrangement> {
  const blocks: Arrangement[] = [];
  const lonely: NodeItem[] = [];
  for (const component of componentsOf(items, edges)) {
    const [only] = component;
    if (component.length > 1) blocks.push(await joinedByEdges(component, edges, flow, limit));
    else if (only?.kind === 'cluster') {
      blocks.push(
        isClosed(only, edges) ? await arrangeCluster(only, edges, flow, limit) : await joinedByEdges(component, edges, flow, limit),
      );
    } else if (only !== undefined) lonely.push(only);
  }
  if (lonely.length > 0) blocks.push(grid(lonely, limit, way));
  const packed = way === undefined ? pack(blocks, gap, limit) : inLine(blocks, gap, way);
  const parts = blocks.map((block, index) => moved(block, packed.places[index]?.x ?? 0, packed.places[index]?.y ?? 0));
  return joined(parts, packed.width, packed.height);
}

async function arrangeCluster(item: ClusterItem, edges: readonly DiagramEdge[], flow: Flow, limit: number): Promise<Arrangement> {
  const { top, right, bottom, left } = clusterPadding;
  const inside = await arrange(item.children, edgesWithin(item, edges), flow, limit - left - right, item.cluster.arrange);
  const width = Math.max(inside.width + left + right, item.minimumWidth);
  const height = inside.height + top + bottom;
  const frame: Arrangement = { width, height, boxes: [{ item, box: { x: 0, y: 0, width, height } }], routes: [] };
  return joined([frame, moved(inside, left, top)], width, height);
}

/** Boxes without arrows stand in columns of equal width, in their order. */
function grid(items: readonly NodeItem[], limit: number, way?: 'row' | 'column'): Arrangement {
  const width = Math.max(...items.map((item) => item.card.width));
  const sizes = items.map(({ card }) => ({ width, height: card.height }));
  const packed = way === undefined ? pack(sizes, 16, limit) : inLine(sizes, 16, way);
  const boxes = items.map((item, index) => ({
    item,
    box: { x: packed.places[index]?.x ?? 0, y: packed.places[index]?.y ?? 0, width, height: item.card.height },
  }));
  return { width: packed.width, height: packed.height, boxes, routes: [] };
}

async function joinedByEdges(items: readonly Item[], edges: readonly DiagramEdge[], flow: Flow, limit: number): Promise<Arrangement> {
  const inside = idsBelow(items);
  const chain = chainOf(
    items,
    edges.filter((edge) => inside.has(edge.from)),
  );
  if (chain !== undefined && flow === 'right') return rowsOf(chain, edges, limit);
  const ends = new Set(edges.flatMap((edge) => [edge.from, edge.to]));
  const parts: Part[] = [];
  for (const item of items) parts.push(await partOf(item, edges, ends, flow, limit));
  const closed = new Set(parts.flatMap((part) => closedIds(part)));
  const own = edges.filter((edge) => inside.has(edge.from) && !closed.has(edge.from) && !closed.has(edge.to));
  return layered(parts, own, flow);
}

async function partOf(item: Item, edges: readonly DiagramEdge[], ends: ReadonlySet<string>, flow: Flow, limit: number): Promise<Part> {
  if (item.kind === 'node') return { kind: 'block', id: item.id, arrangement: single(item) };
  if (isClosed(item, edges)) return { kind: 'block', id: item.id, arrangement: await arrangeCluster(item, edges, flow, limit / 2) };
  const parts: Part[] = [];
  const lonely = item.children.filter((child): child is NodeItem => child.kind === 'node' && !ends.has(child.id));
  for (const child of item.children) {
    if (lonely.length < 2 || !lonely.some((one) => one.id === child.id)) parts.push(await partOf(child, edges, ends, flow, limit));
  }
  if (lonely.length > 1)
    parts.push({ kind: 'block', id: `grid of ${item.id}`, arrangement: grid(lonely, limit / 2, item.cluster.arrange) });
  return { kind: 'open', item, parts };
}

function single(item: NodeItem): Arrangement {
  const { width, height } = item.card;
  return { width, height, boxes: [{ item, box: { x: 0, y: 0, width, height } }], routes: [] };
}

/** Ids inside blocks that are arranged already; their arrows are part of the block. */
function closedIds(part: Part): string[] {
  if (part.kind === 'open') return part.parts.flatMap((inner) => closedIds(inner));
  const ids = part.arrangement.boxes.map(({ item }) => item.id);
  return ids.length === 1 ? [] : ids;
}

function edgesWithin(item: ClusterItem, edges: readonly DiagramEdge[]): readonly DiagramEdge[] {
  const inside = idsBelow(item.children);
  return edges.filter((edge) => inside.has(edge.from) && inside.has(edge.to));
}

function pictureOf(diagram: Diagram, arrangement: Arrangement): Picture {
  const round = (point: Point): Point => ({ x: Math.round(point.x), y: Math.round(point.y) });
  const rounded = (box: Box): Box => {
    const { x, y } = round(box);
    return { x, y, width: Math.round(box.x + box.width) - x, height: Math.round(box.y + box.height) - y };
  };
  const lines = arrangement.routes.map(({ edge, points }) => ({ edge, points: points.map(round) }));
  const junctions = junctionsOf(lines);
  const routes = lines.map((line, index) => ({ ...line, junctions: junctions[index] ?? [] }));
  const clusters: PlacedCluster[] = [];
  const nodes: PlacedNode[] = [];
  const depths = depthsOf(diagram);
  for (const { item, box } of arrangement.boxes) {
    if (item.kind === 'node') nodes.push({ ...rounded(box), node: item.node, card: item.card });
    else
      clusters.push({
        ...rounded(box),
        cluster: item.cluster,
        depth: depths.get(item.id) ?? 0,
        labelX: clusterLabelX(rounded(box), item.cluster, routes) ?? Math.round(box.x) + clusterPadding.left,
      });
  }
  clusters.sort((left, right) => left.depth - right.depth);
  return {
    diagram,
    width: Math.ceil(arrangement.width),
    height: Math.ceil(arrangement.height),
    clusters,
    nodes,
    edges: withLabels(routes, nodes, clusters),
  };
}

function depthsOf(diagram: Diagram): ReadonlyMap<string, number> {
  const parents = new Map(diagram.clusters.map((cluster) => [cluster.id, cluster.parent]));
  const depth = (id: string): number => {
    const parent = parents.get(id);
    return parent === undefined ? 0 : 1 + depth(parent);
  };
  return new Map(diagram.clusters.map(({ id }) => [id, depth(id)]));
}
