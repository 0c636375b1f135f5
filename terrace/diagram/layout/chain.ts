import type { Arrangement, Route } from './arrangement';
import type { DiagramEdge } from '../describe/diagram';
import type { Item, NodeItem } from './tree';

const across = 44;
const down = 48;

/** The nodes of a component in order when it is one line of arrows and nothing else; undefined otherwise. */
export function chainOf(items: readonly Item[], edges: readonly DiagramEdge[]): readonly NodeItem[] | undefined {
  const nodes = items.filter((item): item is NodeItem => item.kind === 'node');
  const next = new Map<string, string>();
  const targets = new Set<string>();
  for (const { from, to, label } of edges) {
    if (label !== undefined || next.has(from) || targets.has(to)) return undefined;
    next.set(from, to);
    targets.add(to);
  }
  const first = nodes.find((node) => !targets.has(node.id));
  if (nodes.length !== items.length || first === undefined || edges.length !== nodes.length - 1) return undefined;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const chain: NodeItem[] = [];
  for (let at: string | undefined = first.id; at !== undefined; at = next.get(at)) {
    const node = byId.get(at);
    if (node !== undefined) chain.push(node);
  }
  return chain.length === nodes.length ? chain : undefined;
}

/** Sets a chain in rows like written lines, each row from left to right, with as few rows as `limit` pixels allow and rows of nearly equal length. */
export function rowsOf(chain: readonly NodeItem[], edges: readonly DiagramEdge[], limit: number): Arrangement {
  const width = Math.max(...chain.map((item) => item.card.width));
  const most = Math.max(1, Math.floor((limit + across) / (width + across)));
  const rows = Math.ceil(chain.length / most);
  const columns = Math.ceil(chain.length / rows);
  const rowHeight = Math.max(...chain.map((item) => item.card.height));
  const place = (index: number): { x: number; y: number } => ({
    x: (index % columns) * (width + across),
    y: Math.floor(index / columns) * (rowHeight + down),
  });
  const boxes = chain.map((item, index) => ({ item, box: { ...place(index), width, height: rowHeight } }));
  const routes = chain.slice(1).flatMap((item, index): Route[] => {
    const edge = edges.find((one) => one.to === item.id);
    if (edge === undefined) return [];
    const [from, to] = [place(index), place(index + 1)];
    const middle = rowHeight / 2;
    if (from.y === to.y)
      return [
        {
          edge,
          points: [
            { x: from.x + width, y: from.y + middle },
            { x: to.x, y: to.y + middle },
          ],
        },
      ];
    const turn = from.y + rowHeight + down / 2;
    const [out, into] = [from.x + width / 2, to.x + width / 2];
    const points = [
      { x: out, y: from.y + rowHeight },
      { x: out, y: turn },
      { x: into, y: turn },
      { x: into, y: to.y },
    ];
    return [{ edge, points: out === into ? [points[0] ?? to, points[3] ?? to] : points }];
  });
  return { width: columns * (width + across) - across, height: rows * (rowHeight + down) - down, boxes, routes };
}
