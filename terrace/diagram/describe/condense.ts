import { kindOf, providerOf } from './kinds';
import type { Diagram, DiagramEdge, DiagramNode, DiagramRow } from './diagram';

/** From this many on, boxes of one type with the same arrows become one box. */
const fewest = 3;
/** A box with more arrows than this to others is named in their boxes instead. */
const mostArrows = 4;

/**
 * The same picture with less ink and nothing lost: boxes of one type that lie side by side and have the same arrows become one box
 * with a line for each; a box that many others use (a key, a role) is named in a line of each of them instead of an arrow.
 */
export function condensed(diagram: Diagram): Diagram {
  return withoutHubs(bundled(diagram));
}

/** Boxes of one type that lie side by side and have the same arrows as one box with a line for each. */
export function bundled(diagram: Diagram): Diagram {
  const groups = new Map<string, DiagramNode[]>();
  // The columns of zones are read side by side, subnet by subnet.
  const zones = new Set(diagram.clusters.filter(({ kind }) => kind === 'zone').map(({ id }) => id));
  for (const node of diagram.nodes) {
    if (node.parent !== undefined && zones.has(node.parent)) continue;
    const arrows = diagram.edges
      .filter((edge) => edge.from === node.id || edge.to === node.id)
      .map((edge) => `${edge.kind} ${edge.from === node.id ? `> ${edge.to}` : `< ${edge.from}`}`);
    const key = JSON.stringify([node.subtitle, node.parent, node.external, arrows.sort()]);
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  const bundles = new Map<string, DiagramNode>();
  const first = new Map<string, string>();
  for (const nodes of groups.values()) {
    const [head] = nodes;
    if (head?.subtitle === undefined || nodes.length < fewest || head.external === true) continue;
    bundles.set(head.id, bundleOf(head, nodes));
    for (const node of nodes) first.set(node.id, head.id);
  }
  const edges = new Map<string, DiagramEdge>();
  for (const edge of diagram.edges) {
    const [from, to] = [first.get(edge.from) ?? edge.from, first.get(edge.to) ?? edge.to];
    if (!edges.has(`${from}\n${to}`)) edges.set(`${from}\n${to}`, { ...edge, from, to });
  }
  const nodes = diagram.nodes.flatMap((node) => bundles.get(node.id) ?? (first.has(node.id) ? [] : [node]));
  return { ...diagram, nodes, edges: [...edges.values()] };
}

function bundleOf(head: DiagramNode, nodes: readonly DiagramNode[]): DiagramNode {
  const type = head.subtitle ?? '';
  const rows = nodes.flatMap((node): DiagramRow[] => [
    { text: node.detail === undefined ? node.title : `${node.title} · ${node.detail}`, tooltip: node.tooltip ?? node.title },
    ...(node.rows ?? []).map((row) => ({ text: `  ${row.text}`, tooltip: row.tooltip ?? row.text })),
  ]);
  const tooltip = nodes.map((node) => node.tooltip ?? node.title).join('\n');
  const { detail: _, ...rest } = head;
  return {
    ...rest,
    title: `${nodes.length} × ${type.slice(type.indexOf('_') + 1).replaceAll('_', ' ')}`,
    subtitle: type,
    kind: kindOf(type),
    provider: providerOf(type),
    rows,
    tooltip,
  };
}

function withoutHubs(diagram: Diagram): Diagram {
  const titles = new Map(diagram.nodes.map((node) => [node.id, node]));
  const fans = new Map<string, DiagramEdge[]>();
  for (const edge of diagram.edges) fans.set(edge.from, [...(fans.get(edge.from) ?? []), edge]);
  const hubs = new Set([...fans].filter(([id, edges]) => titles.has(id) && edges.length > mostArrows).map(([id]) => id));
  if (hubs.size === 0) return diagram;
  const lines = new Map<string, DiagramRow[]>();
  const edges = diagram.edges.filter((edge) => {
    const hub = titles.get(edge.from);
    if (hub === undefined || !hubs.has(edge.from) || !titles.has(edge.to)) return true;
    lines.set(edge.to, [...(lines.get(edge.to) ?? []), { text: `uses ${hub.title}`, tooltip: edge.tooltip ?? `uses ${hub.title}` }]);
    return false;
  });
  const nodes = diagram.nodes.map((node) =>
    lines.has(node.id) ? { ...node, rows: [...(node.rows ?? []), ...(lines.get(node.id) ?? [])] } : node,
  );
  const names = [...new Set([...hubs].map((id) => titles.get(id)?.title ?? id))].sort();
  return {
    ...diagram,
    nodes,
    edges,
    notes: [...(diagram.notes ?? []), `Used by more than ${mostArrows} others, and therefore named in their boxes: ${names.join(', ')}.`],
  };
}
