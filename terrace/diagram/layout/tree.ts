import { cardOf, clusterLabel, type Card } from '../measure/card';
import type { Diagram, DiagramCluster, DiagramEdge, DiagramNode } from '../describe/diagram';

/** A box of the diagram as the layout sees it: measured, with what lies in it. */
export type Item = NodeItem | ClusterItem;

export interface NodeItem {
  readonly kind: 'node';
  readonly id: string;
  readonly node: DiagramNode;
  readonly card: Card;
}

export interface ClusterItem {
  readonly kind: 'cluster';
  readonly id: string;
  readonly cluster: DiagramCluster;
  readonly children: readonly Item[];
  readonly minimumWidth: number;
}

/** Space between a cluster's border and what lies in it; the label stands in the upper part. */
export const clusterPadding = { top: 38, right: 16, bottom: 16, left: 16 } as const;
export const clusterLabelBaseline = 22;

/** The boxes of a diagram as a tree, in the diagram's order; clusters with nothing in them are left out. */
export function treeOf(diagram: Diagram): readonly Item[] {
  const nodes = new Map<string | undefined, DiagramNode[]>();
  for (const node of diagram.nodes) nodes.set(node.parent, [...(nodes.get(node.parent) ?? []), node]);
  const clusters = new Map<string | undefined, DiagramCluster[]>();
  for (const cluster of diagram.clusters) clusters.set(cluster.parent, [...(clusters.get(cluster.parent) ?? []), cluster]);
  const itemsIn = (parent: string | undefined): Item[] => [
    ...(nodes.get(parent) ?? []).map((node): Item => ({ kind: 'node', id: node.id, node, card: cardOf(node) })),
    ...(clusters.get(parent) ?? []).flatMap((cluster): Item[] => {
      const children = itemsIn(cluster.id);
      const minimumWidth = clusterLabel(cluster).width + clusterPadding.left + clusterPadding.right;
      return children.length === 0 ? [] : [{ kind: 'cluster', id: cluster.id, cluster, children, minimumWidth }];
    }),
  ];
  return itemsIn(undefined);
}

/** Every id in and below some items. */
export function idsBelow(items: readonly Item[]): ReadonlySet<string> {
  const ids = new Set<string>();
  const visit = (item: Item): void => {
    ids.add(item.id);
    if (item.kind === 'cluster') item.children.forEach(visit);
  };
  items.forEach(visit);
  return ids;
}

/** True when no arrow crosses the item's border, so that it can be laid out by itself. */
export function isClosed(item: ClusterItem, edges: readonly DiagramEdge[]): boolean {
  const inside = idsBelow(item.children);
  return edges.every((edge) => edge.from !== item.id && edge.to !== item.id && inside.has(edge.from) === inside.has(edge.to));
}

/** Items joined by arrows, directly or over others, in the order of their first members. */
export function componentsOf(items: readonly Item[], edges: readonly DiagramEdge[]): readonly (readonly Item[])[] {
  const holder = new Map<string, number>();
  items.forEach((item, index) => {
    for (const id of idsBelow([item])) holder.set(id, index);
  });
  const group = items.map((_, index) => index);
  const find = (index: number): number => {
    let at = index;
    while (group[at] !== at) at = group[at] ?? at;
    return at;
  };
  for (const { from, to } of edges) {
    const [left, right] = [holder.get(from), holder.get(to)];
    if (left === undefined || right === undefined) continue;
    const [low, high] = [find(left), find(right)].sort((one, other) => one - other);
    if (low !== undefined && high !== undefined) group[high] = low;
  }
  const components = new Map<number, Item[]>();
  items.forEach((item, index) => components.set(find(index), [...(components.get(find(index)) ?? []), item]));
  return [...components.values()];
}
