import type { ElkExtendedEdge, ElkNode, LayoutOptions } from 'elkjs/lib/elk-api';
import { joined, moved, type Arrangement, type Route } from './arrangement';
import type { DiagramEdge, Direction } from '../describe/diagram';
import { clusterLabelX, widestLabel, widthForLabel } from './labels';
import type { Point } from './picture';
import { isCyclic } from '../describe/reduction';
import { withoutSlack } from './tighten';
import { clusterPadding, type Item } from './tree';

/** A part of a layout: something to be laid out together with others, or a block whose inside is already arranged. */
export type Part =
  | { readonly kind: 'block'; readonly id: string; readonly arrangement: Arrangement }
  | { readonly kind: 'open'; readonly item: Item & { readonly kind: 'cluster' }; readonly parts: readonly Part[] };

type Flow = Exclude<Direction, 'auto'>;

/** ELK does not hand these down to clusters. */
const spacing: LayoutOptions = {
  'elk.spacing.nodeNode': '24',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '10',
  'elk.layered.spacing.nodeNodeBetweenLayers': '44',
  'elk.layered.spacing.edgeNodeBetweenLayers': '20',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '10',
};

/** Arrows joined in one group beyond which looks give way to time: network simplex and further runs grow faster than the group. */
const many = 500;
const quick: LayoutOptions = {
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.thoroughness': '1',
  'elk.layered.considerModelOrder.strategy': 'NONE',
};

const options: LayoutOptions = {
  ...spacing,
  'elk.algorithm': 'layered',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.randomSeed': '1',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.thoroughness': '12',
};

/**
 * Lays out parts that arrows join: layers along the direction, right-angled arrows, clusters kept whole. The same parts give the same
 * places on every machine. A cluster whose label no gap between arrows can hold is widened, which takes another run.
 */
export async function layered(parts: readonly Part[], edges: readonly DiagramEdge[], direction: Flow): Promise<Arrangement> {
  const widths = new Map<string, number>();
  let arrangement = await run(parts, edges, direction, widths);
  for (let attempt = 0; attempt < (edges.length > many ? 0 : 4); attempt += 1) {
    const narrow = tooNarrow(arrangement);
    if (narrow.size === 0) break;
    for (const [id, width] of narrow) widths.set(id, width);
    arrangement = await run(parts, edges, direction, widths);
  }
  return arrangement;
}

async function run(
  parts: readonly Part[],
  edges: readonly DiagramEdge[],
  direction: Flow,
  widths: ReadonlyMap<string, number>,
): Promise<Arrangement> {
  const { default: elkjs } = await import('elkjs/lib/elk.bundled.js');
  // A process reads in the order in which it was written; among references fewer crossings matter more.
  const order: LayoutOptions = edges.every((edge) => edge.kind === 'flow')
    ? { 'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES', 'elk.layered.crossingMinimization.forceNodeModelOrder': 'true' }
    : { 'elk.layered.considerModelOrder.strategy': 'PREFER_NODES' };
  const room = labelRoom(edges, direction);
  // Merged arrows of both directions would read as one with two heads.
  const root: ElkNode = {
    id: 'root',
    layoutOptions: {
      ...options,
      ...order,
      ...room,
      ...(edges.length > many ? quick : {}),
      'elk.layered.mergeEdges': String(!isCyclic(edges)),
      'elk.direction': direction === 'right' ? 'RIGHT' : 'DOWN',
      'elk.padding': '[top=0,left=0,bottom=0,right=0]',
    },
    children: parts.map((part) => elkNode(part, direction, room, widths)),
    edges: edges.map(elkEdge),
  };
  const result = await new elkjs().layout(root);
  const places = new Map<string, ElkNode>();
  const remember = (node: ElkNode): void => {
    places.set(node.id, node);
    node.children?.forEach(remember);
  };
  remember(result);
  const arranged = parts.flatMap((part) => arrangementsOf(part, places));
  const routes = (result.edges ?? []).flatMap((edge) => routeOf(edge, edges));
  return withoutSlack(joined([...arranged, { width: 0, height: 0, boxes: [], routes }], result.width ?? 0, result.height ?? 0), widths);
}

/** Clusters through whose label an arrow runs, with the width that makes room to the right of all arrows. */
function tooNarrow({ boxes, routes }: Arrangement): ReadonlyMap<string, number> {
  const narrow = new Map<string, number>();
  for (const { item, box } of boxes) {
    if (item.kind === 'node') continue;
    const x = clusterLabelX(box, item.cluster, routes);
    if (x === undefined) narrow.set(item.id, widthForLabel(box, item.cluster, routes));
  }
  return narrow;
}

/** Space between layers, where labels have to stand on the arrows and clear of their heads. */
function labelRoom(edges: readonly DiagramEdge[], direction: Flow): LayoutOptions {
  const widest = widestLabel(edges);
  if (widest === 0) return {};
  const length = direction === 'right' ? widest : 16;
  return {
    'elk.layered.spacing.nodeNodeBetweenLayers': String(length + 48),
    'elk.layered.spacing.edgeNodeBetweenLayers': String(length / 2 + 22),
    'elk.layered.spacing.edgeEdgeBetweenLayers': '18',
    'elk.spacing.edgeEdge': direction === 'right' ? '20' : String(widest + 4),
  };
}

function elkNode(part: Part, direction: Flow, room: LayoutOptions, widths: ReadonlyMap<string, number>): ElkNode {
  if (part.kind === 'block') return { id: part.id, width: part.arrangement.width, height: part.arrangement.height };
  const { top, right, bottom, left } = clusterPadding;
  const minimum = widths.get(part.item.id) ?? part.item.minimumWidth;
  return {
    id: part.item.id,
    layoutOptions: {
      ...spacing,
      ...room,
      'elk.padding': `[top=${top},left=${left},bottom=${bottom},right=${right}]`,
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      // ELK measures a cluster along its own flow: downwards, what it calls width is the height on the page.
      'elk.nodeSize.minimum': direction === 'right' ? `(${minimum},0)` : `(0,${minimum})`,
    },
    children: part.parts.map((inner) => elkNode(inner, direction, room, widths)),
  };
}

function elkEdge(edge: DiagramEdge, index: number): ElkExtendedEdge {
  return { id: `edge ${index}`, sources: [edge.from], targets: [edge.to] };
}

function arrangementsOf(part: Part, places: ReadonlyMap<string, ElkNode>): Arrangement[] {
  const { x = 0, y = 0, width = 0, height = 0 } = places.get(part.kind === 'block' ? part.id : part.item.id) ?? {};
  if (part.kind === 'block') return [moved(part.arrangement, x, y)];
  const own: Arrangement = { width, height, boxes: [{ item: part.item, box: { x, y, width, height } }], routes: [] };
  return [own, ...part.parts.flatMap((inner) => arrangementsOf(inner, places))];
}

function routeOf(result: ElkExtendedEdge, edges: readonly DiagramEdge[]): Route[] {
  const edge = edges[Number(result.id.replace('edge ', ''))];
  const [section] = result.sections ?? [];
  if (edge === undefined || section === undefined) return [];
  const points = squared([section.startPoint, ...(section.bendPoints ?? []), section.endPoint]);
  return [{ edge, points }];
}

/** ELK's corners are off by fractions of a pixel here and there; each point takes over what it nearly shares with the one before. */
function squared(points: readonly Point[]): readonly Point[] {
  const exact: Point[] = [];
  for (const { x, y } of points) {
    const last = exact.at(-1) ?? { x, y };
    exact.push({ x: Math.abs(x - last.x) < 0.6 ? last.x : x, y: Math.abs(y - last.y) < 0.6 ? last.y : y });
  }
  return exact;
}
