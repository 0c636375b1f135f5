import type { Diagram, DiagramEdge } from '../describe/diagram';
import { providerColour } from './palette';

const styles: Readonly<Record<DiagramEdge['kind'], string>> = { reference: '', state: 'color="#2563b8"', order: 'style=dashed', flow: '' };

/** The diagram in Graphviz's language; clusters are subgraphs, arrows to a cluster end at its border (`compound`). */
export function dotOf(diagram: Diagram): string {
  const clusters = new Set(diagram.clusters.map((cluster) => cluster.id));
  const lines = [
    `digraph ${quoted(diagram.title)} {`,
    `  graph [rankdir=${diagram.direction === 'down' ? 'TB' : 'LR'}, compound=true, fontname="sans-serif", label=${quoted(diagram.title)}, labelloc=t]`,
    '  node [shape=box, style="rounded", fontname="sans-serif", fontsize=11]',
    '  edge [fontname="sans-serif", fontsize=9, color="#7a8798"]',
  ];
  const place = (parent: string | undefined, indent: string): void => {
    for (const node of diagram.nodes.filter((one) => one.parent === parent)) {
      const label = [node.title, node.subtitle, node.detail, ...(node.rows ?? []).map((row) => row.text)]
        .filter((line) => line !== undefined)
        .join('\n');
      const border = node.planned === true || node.external === true ? ', style="rounded,dashed"' : '';
      lines.push(
        `${indent}${quoted(node.id)} [label=${quoted(label)}, color="${providerColour(node.provider)}"${border}, tooltip=${quoted(node.tooltip ?? node.title)}]`,
      );
    }
    for (const cluster of diagram.clusters.filter((one) => one.parent === parent)) {
      const label = [cluster.title, cluster.subtitle].filter((part) => part !== undefined).join(' · ');
      lines.push(
        `${indent}subgraph ${quoted(`cluster ${cluster.id}`)} {`,
        `${indent}  label=${quoted(label)}; style="rounded${cluster.planned === true ? ',dashed' : ''}"; color="#93a3b8"`,
      );
      place(cluster.id, `${indent}  `);
      lines.push(`${indent}}`);
    }
  };
  place(undefined, '  ');
  for (const edge of diagram.edges) {
    const [from, to] = [nodeIn(diagram, edge.from), nodeIn(diagram, edge.to)];
    if (from === undefined || to === undefined) continue;
    const attributes = [
      styles[edge.kind],
      edge.label === undefined ? '' : `label=${quoted(edge.label)}`,
      clusters.has(edge.from) ? `ltail=${quoted(`cluster ${edge.from}`)}` : '',
      clusters.has(edge.to) ? `lhead=${quoted(`cluster ${edge.to}`)}` : '',
    ].filter((attribute) => attribute !== '');
    lines.push(`  ${quoted(from)} -> ${quoted(to)}${attributes.length === 0 ? '' : ` [${attributes.join(', ')}]`}`);
  }
  lines.push('}');
  return `${lines.join('\n')}\n`;
}

/** The id itself for a node; for a cluster the first node in it, because Graphviz joins nodes only. */
function nodeIn(diagram: Diagram, id: string): string | undefined {
  if (diagram.nodes.some((node) => node.id === id)) return id;
  const inside = diagram.nodes.find((node) => node.parent === id);
  if (inside !== undefined) return inside.id;
  return diagram.clusters
    .filter((cluster) => cluster.parent === id)
    .map((cluster) => nodeIn(diagram, cluster.id))
    .find((found) => found !== undefined);
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
