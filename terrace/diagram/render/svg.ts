import { clusterLabel, fonts } from '../measure/card';
import type { EdgeKind } from '../describe/diagram';
import { escape, slug } from './escape';
import { glyphOf } from './icons';
import { legendOf, legendHeight, type LegendEntry } from './legend';
import { categoryColour, providerColour } from './palette';
import type { Picture, PlacedCluster, PlacedEdge, PlacedNode, Point } from '../layout/picture';
import { fontClass, styleSheet, type ThemeName } from './svg-style';
import { strokesOf } from '../layout/strokes';
import { clusterLabelBaseline } from '../layout/tree';
import { widthOf, wrap } from '../measure/text';

const margin = 24;
const corner = 6;
const head = { length: 8, half: 4 };
const narrowestPage = 560;

/** Writes a picture as an SVG document of its own: title and description for those who cannot see it, one style sheet, no script, no reference to anything outside. */
export function svgOf(picture: Picture, theme: ThemeName = 'auto'): string {
  const { diagram } = picture;
  const width = Math.max(narrowestPage, picture.width + 2 * margin, widthOf(diagram.title, fonts.heading) + 2 * margin);
  const description = wrap(diagram.description, width - 2 * margin, fonts.description);
  const top = margin + 24 + description.length * 18 + 14;
  const legend = legendOf(diagram, width - 2 * margin);
  const bottom = legendHeight(legend);
  const height = top + picture.height + (bottom === 0 ? 0 : 22 + bottom) + margin;
  const id = slug(diagram.title);
  const left = Math.floor((width - picture.width) / 2);
  const strokes = strokesOf(picture.edges);
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${id}-title ${id}-description">`,
    `<title id="${id}-title">${escape(diagram.title)}</title>`,
    `<desc id="${id}-description">${escape(diagram.description)}</desc>`,
    `<style>\n${styleSheet(theme)}\n</style>`,
    `<rect class="td-page" width="${width}" height="${height}" rx="12"/>`,
    `<text class="td-text ${fontClass('heading')}" x="${margin}" y="${margin + 16}">${escape(diagram.title)}</text>`,
    ...description.map(
      (line, index) =>
        `<text class="td-muted ${fontClass('description')}" x="${margin}" y="${margin + 40 + index * 18}">${escape(line)}</text>`,
    ),
    `<g transform="translate(${left} ${top})">`,
    ...picture.clusters.map(clusterShape),
    ...picture.edges.map((edge, index) => edgeShape(edge, strokes[index])),
    ...picture.edges.flatMap(edgeLabel),
    ...picture.clusters.map(clusterText),
    ...picture.nodes.map(nodeShape),
    '</g>',
    ...(legend.length === 0
      ? []
      : [`<g transform="translate(${margin} ${top + picture.height + 22})">`, ...legend.map(legendShape), '</g>']),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

function clusterShape({ cluster, x, y, width, height, depth }: PlacedCluster): string {
  const inner = depth % 2 === 1 ? ' td-cluster-inner' : '';
  const planned = cluster.planned === true ? ' td-planned' : '';
  return `<rect class="td-cluster${inner} td-cluster-${cluster.kind}${planned}" x="${x}" y="${y}" width="${width}" height="${height}" rx="10"><title>${escape(cluster.tooltip ?? cluster.title)}</title></rect>`;
}

function clusterText({ cluster, y, labelX }: PlacedCluster): string {
  const { title, line, titleWidth } = clusterLabel(cluster);
  const second =
    line === ''
      ? ''
      : `<text class="td-muted ${fontClass('clusterLine')}" x="${labelX + titleWidth + 8}" y="${y + clusterLabelBaseline}">${escape(line)}</text>`;
  return `<text class="td-text ${fontClass('cluster')}" x="${labelX}" y="${y + clusterLabelBaseline}">${escape(title)}</text>${second}`;
}

function nodeShape({ node, card, x, y, width, height }: PlacedNode): string {
  const { icon, rule } = card;
  const border = `${node.planned === true ? ' td-planned' : ''}${node.external === true ? ' td-external' : ''}`;
  const glyph = icon.size - 10;
  return [
    `<g transform="translate(${x} ${y})">`,
    `<title>${escape(node.tooltip ?? node.title)}</title>`,
    `<rect class="td-card${border}" width="${width}" height="${height}" rx="8"/>`,
    ...(node.provider === undefined ? [] : [`<path d="${edgeOf(height)}" fill="${providerColour(node.provider)}"/>`]),
    `<rect x="${icon.x}" y="${icon.y}" width="${icon.size}" height="${icon.size}" rx="7" fill="${categoryColour(node.kind)}"/>`,
    `<path class="td-glyph" transform="translate(${icon.x + 5} ${icon.y + 5}) scale(${Number((glyph / 24).toFixed(3))})" d="${glyphOf(node.kind)}"/>`,
    ...card.texts.map((line) => {
      const tooltip = line.tooltip === undefined ? '' : `<title>${escape(line.tooltip)}</title>`;
      return `<text class="${line.muted ? 'td-muted' : 'td-text'} ${fontClass(line.font)}" x="${line.x}" y="${Number(line.y.toFixed(1))}">${tooltip}${escape(line.text)}</text>`;
    }),
    ...(rule === undefined ? [] : [`<path class="td-rule" d="M${icon.x} ${rule}H${width - icon.x}"/>`]),
    '</g>',
  ].join('');
}

/** The left edge of a box as a strip that follows its corners. */
function edgeOf(height: number): string {
  return `M5 .5A7.5 7.5 0 0 0 .5 8V${height - 8}A7.5 7.5 0 0 0 5 ${height - 0.5}Z`;
}

function edgeShape({ edge, points, junctions }: PlacedEdge, stroke: readonly Point[] | undefined): string {
  const dots = junctions.map(({ x, y }) => `<circle class="td-head-${edge.kind}" cx="${x}" cy="${y}" r="2.2"/>`).join('');
  const tip = points.at(-1);
  const reaches = stroke?.at(-1)?.x === tip?.x && stroke?.at(-1)?.y === tip?.y;
  const line =
    stroke === undefined
      ? ''
      : `<path class="td-edge td-edge-${edge.kind}" d="${pathOf(stroke, reaches)}"/>${reaches ? headOf(points, edge.kind) : ''}`;
  const tooltip = edge.tooltip === undefined ? '' : `<title>${escape(edge.tooltip)}</title>`;
  return `<g>${tooltip}${line}${dots}</g>`;
}

function edgeLabel({ edge, label }: PlacedEdge): string[] {
  if (label === undefined || edge.label === undefined) return [];
  const middle = label.x + label.width / 2;
  return [
    `<rect class="td-label-ground" x="${label.x}" y="${label.y}" width="${label.width}" height="${label.height}" rx="4"/>`,
    `<text class="td-muted ${fontClass('edge')}" x="${middle}" y="${label.y + 12}" text-anchor="middle">${escape(edge.label)}</text>`,
  ];
}

/** A line through the points with rounded corners; before an arrow's head it ends where the head begins. */
function pathOf(points: readonly Point[], arrow = true): string {
  const [first = { x: 0, y: 0 }] = points;
  const parts = [`M${first.x} ${first.y}`];
  points.slice(1).forEach((point, index) => {
    const before = points[index] ?? point;
    const after = points[index + 2];
    if (after === undefined) {
      const end = arrow ? towards(point, before, head.length - 1) : point;
      parts.push(`L${end.x} ${end.y}`);
      return;
    }
    const radius = Math.min(corner, distance(before, point) / 2, distance(point, after) / 2);
    const enter = towards(point, before, radius);
    const leave = towards(point, after, radius);
    parts.push(`L${enter.x} ${enter.y}Q${point.x} ${point.y} ${leave.x} ${leave.y}`);
  });
  return parts.join('');
}

function headOf(points: readonly Point[], kind: EdgeKind): string {
  const tip = points.at(-1) ?? { x: 0, y: 0 };
  const back = towards(tip, points.at(-2) ?? tip, head.length);
  const across = back.x === tip.x ? { x: head.half, y: 0 } : { x: 0, y: head.half };
  return `<path class="td-head-${kind}" d="M${tip.x} ${tip.y}L${back.x + across.x} ${back.y + across.y}L${back.x - across.x} ${back.y - across.y}Z"/>`;
}

function towards(from: Point, to: Point, by: number): Point {
  const whole = distance(from, to);
  if (whole === 0) return from;
  const part = Math.min(1, by / whole);
  return { x: Number((from.x + (to.x - from.x) * part).toFixed(2)), y: Number((from.y + (to.y - from.y) * part).toFixed(2)) };
}

function distance(from: Point, to: Point): number {
  return Math.abs(from.x - to.x) + Math.abs(from.y - to.y);
}

function legendShape(entry: LegendEntry): string {
  const { x, y } = entry;
  const text = `<text class="td-muted ${fontClass('legend')}" x="${x + entry.textX}" y="${y + 12}">${escape(entry.text)}</text>`;
  if (entry.kind === 'provider')
    return `<rect x="${x}" y="${y}" width="5" height="16" rx="2" fill="${providerColour(entry.provider)}"/>${text}`;
  if (entry.kind === 'edge') {
    const ends: readonly Point[] = [
      { x, y: y + 8 },
      { x: x + 30, y: y + 8 },
    ];
    return `<path class="td-edge td-edge-${entry.edge}" d="${pathOf(ends)}"/>${headOf(ends, entry.edge)}${text}`;
  }
  if (entry.kind === 'border') return `<rect class="td-card ${entry.style}" x="${x}" y="${y + 1}" width="22" height="14" rx="4"/>${text}`;
  if (entry.kind === 'icon') {
    return `<rect x="${x}" y="${y}" width="16" height="16" rx="4" fill="${categoryColour(entry.icon)}"/><path class="td-glyph" transform="translate(${x + 2} ${y + 2}) scale(.5)" d="${glyphOf(entry.icon)}"/>${text}`;
  }
  return text;
}
