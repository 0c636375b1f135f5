import { fonts } from '../measure/card';
import { widthOf, wrap } from '../measure/text';
import { sequenceSizes, type PlacedFrame, type PlacedMessage, type PlacedSequence } from '../layout/sequence';
import { escape, slug } from './escape';
import { glyphOf } from './icons';
import { categoryColour, providerColour } from './palette';
import { fontClass, styleSheet, type ThemeName } from './svg-style';

const margin = 24;

/** Writes a sequence as an SVG document of its own, in the style of the other pictures. */
export function sequenceSvg(placed: PlacedSequence, theme: ThemeName = 'auto'): string {
  const { sequence } = placed;
  const width = placed.width + 2 * margin;
  const description = wrap(sequence.description, width - 2 * margin, fonts.description);
  const top = margin + 24 + description.length * 18 + 14;
  const height = top + placed.height + margin;
  const id = slug(sequence.title);
  const bottom = placed.height - sequenceSizes.gap / 2;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${id}-title ${id}-description">`,
    `<title id="${id}-title">${escape(sequence.title)}</title>`,
    `<desc id="${id}-description">${escape(sequence.description)}</desc>`,
    `<style>\n${styleSheet(theme)}\n</style>`,
    `<rect class="td-page" width="${width}" height="${height}" rx="12"/>`,
    `<text class="td-text ${fontClass('heading')}" x="${margin}" y="${margin + 16}">${escape(sequence.title)}</text>`,
    ...description.map(
      (line, index) =>
        `<text class="td-muted ${fontClass('description')}" x="${margin}" y="${margin + 40 + index * 18}">${escape(line)}</text>`,
    ),
    `<g transform="translate(${margin} ${top})">`,
    ...placed.frames.map(frameShape),
    ...placed.lifelines.map((x) => `<path class="td-edge td-edge-order" d="M${x} ${sequenceSizes.head}V${bottom}"/>`),
    ...placed.frames.map(frameTitle),
    ...placed.messages.map(messageShape),
    ...sequence.participants.map((participant, index) => participantShape(participant, placed.lifelines[index] ?? 0)),
    '</g>',
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

function participantShape({ title, kind, provider }: PlacedSequence['sequence']['participants'][number], middle: number): string {
  const { headWidth, head } = sequenceSizes;
  const words = wrap(title, headWidth - 56, fonts.title);
  return [
    `<g transform="translate(${middle - headWidth / 2} 0)">`,
    `<rect class="td-card" width="${headWidth}" height="${head - 6}" rx="8"/>`,
    ...(provider === undefined ? [] : [`<rect x="1" y="8" width="4" height="${head - 22}" fill="${providerColour(provider)}"/>`]),
    `<rect x="10" y="9" width="32" height="32" rx="7" fill="${categoryColour(kind)}"/>`,
    `<path class="td-glyph" transform="translate(15 14) scale(.917)" d="${glyphOf(kind)}"/>`,
    ...words.map(
      (line, index) =>
        `<text class="td-text ${fontClass('title')}" x="52" y="${head / 2 + 2 - (words.length - 1) * 8 + index * 16}">${escape(line)}</text>`,
    ),
    '</g>',
  ].join('');
}

function frameShape({ kind, x, y, width, height }: PlacedFrame): string {
  const look =
    kind === 'stage' ? 'td-cluster' : kind === 'together' ? 'td-cluster td-cluster-inner' : 'td-cluster td-cluster-inner td-planned';
  return `<rect class="${look}" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`;
}

const words: Readonly<Record<PlacedFrame['kind'], string>> = { stage: '', together: 'at the same time', sometimes: 'only if' };

function frameTitle({ kind, title, x, y }: PlacedFrame): string {
  const prefix = words[kind];
  const before = prefix === '' ? '' : `<text class="td-muted ${fontClass('clusterLine')}" x="${x + 12}" y="${y + 18}">${prefix}</text>`;
  const indent = prefix === '' ? 12 : 18 + widthOf(prefix, fonts.clusterLine);
  const text = `<text class="td-text ${fontClass('cluster')}" x="${x + indent}" y="${y + 18}">${escape(title)}</text>`;
  const width = indent + widthOf(title, fonts.cluster) - 4;
  return `<rect class="td-label-ground" x="${x + 6}" y="${y + 6}" width="${width}" height="17" rx="4"/>${before}${text}`;
}

function messageShape({ message, from, to, y, lines }: PlacedMessage): string {
  const dashed = message.answer === true ? ' td-edge-order' : '';
  const { selfWidth, line } = sequenceSizes;
  const label = (x: number, bottom: number, anchor: 'start' | 'middle'): string =>
    lines
      .map((text, index) => {
        const width = widthOf(text, fonts.edge);
        const left = anchor === 'middle' ? x - width / 2 : x;
        const baseline = bottom - (lines.length - 1 - index) * line;
        return `<rect class="td-label-ground" x="${left - 3}" y="${baseline - 11}" width="${width + 6}" height="${line}" rx="3"/><text class="td-text ${fontClass('edge')}" x="${x}" y="${baseline}" text-anchor="${anchor}">${escape(text)}</text>`;
      })
      .join('');
  if (from === to) {
    const end = y + 14;
    return `<g><path class="td-edge td-edge-flow${dashed}" d="M${from} ${y}h${selfWidth - 6}q6 0 6 6v2q0 6 -6 6H${from + 8}"/><path class="td-head-flow" d="M${from} ${end}l8 -4v8z"/>${label(from + selfWidth + 8, y + 11 + (lines.length - 1) * line, 'start')}</g>`;
  }
  const way = to > from ? 1 : -1;
  return `<g><path class="td-edge td-edge-flow${dashed}" d="M${from} ${y}H${to - way * 7}"/><path class="td-head-flow" d="M${to} ${y}l${-way * 8} -4v8z"/>${label((from + to) / 2, y - 5, 'middle')}</g>`;
}
