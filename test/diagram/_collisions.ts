import { clusterLabelBox, crosses, overlaps, segmentsOf } from '../../terrace/diagram/layout/labels';
import type { Box, Picture, Point } from '../../terrace/diagram/layout/picture';

/** Everything in a picture that lies over something else or outside its place; empty for a good one. */
export function collisions(picture: Picture): readonly string[] {
  const { nodes, clusters, edges } = picture;
  const found: string[] = [];
  const parents = new Map([...picture.diagram.clusters, ...picture.diagram.nodes].map(({ id, parent }) => [id, parent]));
  const ancestors = (id: string): string[] => {
    const parent = parents.get(id);
    return parent === undefined ? [] : [parent, ...ancestors(parent)];
  };
  const page: Box = { x: 0, y: 0, width: picture.width, height: picture.height };
  const frames = new Map(clusters.map((one) => [one.cluster.id, one]));
  const boxes = new Map<string, Box>([...nodes.map((one): [string, Box] => [one.node.id, one]), ...frames]);
  for (const [id, box] of boxes) {
    if (!contains(page, box)) found.push(`${id} leaves the page`);
    const above = ancestors(id);
    for (const [other, frame] of frames) {
      if (other === id) continue;
      if (above.includes(other) && !contains(frame, box)) found.push(`${id} leaves ${other}`);
      if (!above.includes(other) && !ancestors(other).includes(id) && overlaps(box, frame)) found.push(`${id} lies over ${other}`);
    }
  }
  nodes.forEach((node, index) => {
    for (const other of nodes.slice(index + 1)) if (overlaps(node, other)) found.push(`${node.node.id} lies over ${other.node.id}`);
    for (const text of node.card.texts) {
      if (text.x + text.width > node.width || text.y + 4 > node.height) found.push(`'${text.text}' leaves ${node.node.id}`);
    }
  });
  for (const frame of clusters) {
    const label = clusterLabelBox(frame);
    const name = `the label of ${frame.cluster.id}`;
    if (!contains(frame, label)) found.push(`${name} leaves it`);
    for (const node of nodes) if (overlaps(label, node)) found.push(`${name} lies over ${node.node.id}`);
    for (const other of clusters)
      if (other !== frame && overlaps(label, clusterLabelBox(other))) found.push(`${name} lies over the label of ${other.cluster.id}`);
    for (const { edge, points } of edges)
      if (segmentsOf(points).some((segment) => crosses(segment, label))) found.push(`${edge.from} → ${edge.to} runs through ${name}`);
  }
  const labels = edges.flatMap(({ edge, label }) =>
    label === undefined ? [] : [{ name: `'${edge.label}' of ${edge.from} → ${edge.to}`, label }],
  );
  labels.forEach(({ name, label }, index) => {
    for (const node of nodes) if (overlaps(label, node)) found.push(`${name} lies over ${node.node.id}`);
    for (const frame of clusters)
      if (overlaps(label, clusterLabelBox(frame))) found.push(`${name} lies over the label of ${frame.cluster.id}`);
    for (const other of labels.slice(index + 1)) if (overlaps(label, other.label)) found.push(`${name} lies over ${other.name}`);
  });
  for (const { edge, points } of edges) {
    const name = `${edge.from} → ${edge.to}`;
    for (const segment of segmentsOf(points)) {
      if (segment.from.x !== segment.to.x && segment.from.y !== segment.to.y) found.push(`${name} is slanted`);
      for (const node of nodes) if (crosses(segment, node)) found.push(`${name} runs through ${node.node.id}`);
    }
    for (const [end, point] of [
      [edge.from, points[0]],
      [edge.to, points.at(-1)],
    ] as const) {
      const box = boxes.get(end);
      if (box === undefined || point === undefined || !onBorder(point, box)) found.push(`${name} does not touch ${end}`);
    }
  }
  if (edges.length !== picture.diagram.edges.length) found.push(`${picture.diagram.edges.length} arrows became ${edges.length}`);
  if (nodes.length !== picture.diagram.nodes.length) found.push(`${picture.diagram.nodes.length} boxes became ${nodes.length}`);
  return found;
}

function contains(outer: Box, inner: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

function onBorder({ x, y }: Point, box: Box): boolean {
  const upright = (x === box.x || x === box.x + box.width) && y >= box.y && y <= box.y + box.height;
  const level = (y === box.y || y === box.y + box.height) && x >= box.x && x <= box.x + box.width;
  return upright || level;
}
