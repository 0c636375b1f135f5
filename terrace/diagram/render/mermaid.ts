import type { Diagram, DiagramEdge, DiagramNode } from '../describe/diagram';
import { providerColour } from './palette';

const arrows: Readonly<Record<DiagramEdge['kind'], string>> = { reference: '-->', state: '==>', order: '-.->', flow: '-->' };

/** The diagram as a Mermaid flowchart, for pages that render Mermaid themselves. Ids are short and stable for one diagram. */
export function mermaidOf(diagram: Diagram): string {
  const ids = idsOf(diagram);
  const id = (name: string): string => ids.get(name) ?? name;
  const lines = [`flowchart ${diagram.direction === 'down' ? 'TB' : 'LR'}`];
  const place = (parent: string | undefined, indent: string): void => {
    for (const node of diagram.nodes.filter((one) => one.parent === parent)) lines.push(`${indent}${id(node.id)}${shapeOf(node)}`);
    for (const cluster of diagram.clusters.filter((one) => one.parent === parent)) {
      const inner = lines.length;
      place(cluster.id, `${indent}  `);
      if (lines.length === inner) continue;
      lines.splice(
        inner,
        0,
        `${indent}subgraph ${id(cluster.id)}["${text([cluster.title, cluster.subtitle].filter((part) => part !== undefined).join(' · '))}"]`,
      );
      lines.push(`${indent}end`);
    }
  };
  place(undefined, '  ');
  for (const edge of diagram.edges) {
    const label = edge.label === undefined ? '' : `|"${text(edge.label)}"|`;
    lines.push(`  ${id(edge.from)} ${arrows[edge.kind]}${label} ${id(edge.to)}`);
  }
  const providers = [...new Set(diagram.nodes.flatMap((node) => (node.provider === undefined ? [] : [node.provider])))].sort();
  for (const provider of providers) {
    lines.push(`  classDef ${provider} stroke:${providerColour(provider)},stroke-width:2px`);
    lines.push(
      `  class ${diagram.nodes
        .filter((node) => node.provider === provider)
        .map((node) => id(node.id))
        .join(',')} ${provider}`,
    );
  }
  const dashed = [
    ...diagram.nodes.filter((node) => node.planned === true || node.external === true),
    ...diagram.clusters.filter((cluster) => cluster.planned === true),
  ];
  for (const one of dashed) lines.push(`  style ${id(one.id)} stroke-dasharray:5 4`);
  return `${lines.join('\n')}\n`;
}

function idsOf(diagram: Diagram): ReadonlyMap<string, string> {
  return new Map([
    ...diagram.clusters.map(({ id }, index): [string, string] => [id, `c${index}`]),
    ...diagram.nodes.map(({ id }, index): [string, string] => [id, `n${index}`]),
  ]);
}

function shapeOf(node: DiagramNode): string {
  const lines = [node.title, node.subtitle, node.detail, ...(node.rows ?? []).map((row) => row.text)].filter((line) => line !== undefined);
  const label = lines.map(text).join('<br/>');
  if (node.kind === 'database' || node.kind === 'cache' || node.kind === 'volume' || node.kind === 'bucket') return `[("${label}")]`;
  return node.kind === 'person' || node.kind === 'outside' ? `(["${label}"])` : `["${label}"]`;
}

/** Characters that mean something to Mermaid, as its entities. */
function text(value: string): string {
  return value
    .replace(/[#"<>&`\\]/g, (character) => `#${character.charCodeAt(0)};`)
    .replace(/\s+/g, ' ')
    .trim();
}
