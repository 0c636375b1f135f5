import type { DiagramCluster, DiagramNode } from '../describe/diagram';
import { widthOf, wrap, type Font } from './text';

/** The fonts of a picture; the style sheet is written from them, so what is measured is what is drawn. */
export const fonts = {
  heading: { size: 20, weight: 'bold' },
  description: { size: 12.5, weight: 'regular' },
  title: { size: 13, weight: 'bold' },
  line: { size: 11, weight: 'regular' },
  row: { size: 10.5, weight: 'regular' },
  cluster: { size: 12, weight: 'bold' },
  clusterLine: { size: 11, weight: 'regular' },
  edge: { size: 10.5, weight: 'regular' },
  legend: { size: 11, weight: 'regular' },
} as const satisfies Readonly<Record<string, Font>>;

export type FontName = keyof typeof fonts;

/** One line of text, placed by its baseline, relative to its box. */
export interface CardText {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly font: FontName;
  readonly text: string;
  readonly muted: boolean;
  readonly tooltip?: string;
}

/** A measured box: size, where the icon stands, its lines, and where the rule over its rows is. */
export interface Card {
  readonly width: number;
  readonly height: number;
  readonly icon: { readonly x: number; readonly y: number; readonly size: number };
  readonly texts: readonly CardText[];
  readonly rule?: number;
}

const tile = 32;
const padding = 10;
const textLeft = padding + tile + 10;
const lineHeights: Readonly<Partial<Record<FontName, number>>> = { title: 17, line: 15, row: 16 };
const narrowest = 136;
const step = 24;
const widestText = 196;
const widestRow = 236;

/** Measures a node; the same node always gives the same card. */
export function cardOf(node: DiagramNode): Card {
  const lines = [
    ...wrap(node.title, widestText, fonts.title).map((text) => ({ text, font: 'title' as const, muted: false })),
    ...(node.subtitle === undefined ? [] : wrap(node.subtitle, widestText, fonts.line)).map((text) => ({
      text,
      font: 'line' as const,
      muted: true,
    })),
    ...(node.detail === undefined ? [] : wrap(node.detail, widestText, fonts.line)).map((text) => ({
      text,
      font: 'line' as const,
      muted: false,
    })),
  ];
  const blockHeight = lines.reduce((sum, { font }) => sum + (lineHeights[font] ?? 0), 0);
  const headHeight = Math.max(tile, blockHeight) + 2 * padding;
  const texts: CardText[] = [];
  let y = (headHeight - blockHeight) / 2;
  for (const { text, font, muted } of lines) {
    const height = lineHeights[font] ?? 0;
    texts.push({ x: textLeft, y: y + height * 0.76, width: widthOf(text, fonts[font]), font, text, muted });
    y += height;
  }
  const rows = (node.rows ?? []).flatMap((row) =>
    wrap(row.text, widestRow, fonts.row).map((text, index) => ({ text, indent: index === 0 ? 0 : 8, tooltip: row.tooltip ?? row.text })),
  );
  const rule = rows.length === 0 ? undefined : headHeight;
  y = headHeight + 6;
  for (const { text, indent, tooltip } of rows) {
    texts.push({ x: padding + 4 + indent, y: y + 11.5, width: widthOf(text, fonts.row), font: 'row', text, muted: true, tooltip });
    y += lineHeights.row ?? 0;
  }
  const right = Math.max(...texts.map((text) => text.x + text.width));
  return {
    // Few different widths, so that columns look even.
    width: narrowest + Math.max(0, Math.ceil((right + padding + 4 - narrowest) / step)) * step,
    height: rows.length === 0 ? headHeight : y + 6,
    icon: { x: padding, y: (headHeight - tile) / 2, size: tile },
    texts,
    ...(rule === undefined ? {} : { rule }),
  };
}

/** The words on a cluster's upper edge: the title, then the rest in a lighter face. */
export function clusterLabel(cluster: DiagramCluster): {
  readonly title: string;
  readonly line: string;
  readonly titleWidth: number;
  readonly width: number;
} {
  const line = cluster.subtitle ?? '';
  const titleWidth = widthOf(cluster.title, fonts.cluster);
  return { title: cluster.title, line, titleWidth, width: titleWidth + (line === '' ? 0 : 8 + widthOf(line, fonts.clusterLine)) };
}
