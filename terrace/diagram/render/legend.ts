import { fonts } from '../measure/card';
import type { Diagram, EdgeKind } from '../describe/diagram';
import { categories, categoryOf, kindNames, kinds, type Kind } from '../describe/kinds';
import { providerName } from './palette';
import { widthOf, wrap } from '../measure/text';

/** One line of the legend with its place; `textX` is where the words begin behind the sample. */
export type LegendEntry = { readonly x: number; readonly y: number; readonly textX: number; readonly text: string } & LegendSample;

type LegendSample =
  | { readonly kind: 'provider'; readonly provider: string | undefined }
  | { readonly kind: 'edge'; readonly edge: EdgeKind }
  | { readonly kind: 'border'; readonly style: 'td-planned' | 'td-external' }
  | { readonly kind: 'icon'; readonly icon: Kind }
  | { readonly kind: 'note' };

const edgeTexts: Readonly<Record<EdgeKind, string>> = {
  reference: 'A → B: B uses A',
  state: 'A → B: B reads A from its state',
  order: 'A → B: B comes after A',
  flow: 'leads to',
};

const rowHeight = 24;
const sampleWidths = { provider: 12, edge: 38, border: 29, icon: 22, note: 0 } as const;

/** The legend of what really stands in a diagram: providers, arrows, borders, icons, notes, in lines no wider than `width`. */
export function legendOf(diagram: Diagram, width: number): readonly LegendEntry[] {
  const boxes = [...diagram.nodes, ...diagram.clusters];
  const providers = [...new Set(diagram.nodes.flatMap((node) => (node.provider === undefined ? [] : [node.provider])))].sort();
  const edges = (['reference', 'state', 'order', 'flow'] as const).filter((kind) => diagram.edges.some((edge) => edge.kind === kind));
  const icons = kinds.filter((kind) => diagram.nodes.some((node) => node.kind === kind));
  const first: (LegendSample & { text: string })[] = [
    ...providers.map((provider) => ({ kind: 'provider' as const, provider, text: providerName(provider) })),
    ...(edges.length === 1 && edges[0] === 'flow' ? [] : edges.map((edge) => ({ kind: 'edge' as const, edge, text: edgeTexts[edge] }))),
    ...(boxes.some((box) => box.planned === true)
      ? [{ kind: 'border' as const, style: 'td-planned' as const, text: 'planned, not built yet' }]
      : []),
    ...(diagram.nodes.some((node) => node.external === true)
      ? [{ kind: 'border' as const, style: 'td-external' as const, text: 'outside this picture' }]
      : []),
  ];
  // By colour: kinds of one category stand together.
  const second = categories.flatMap((category) =>
    icons.filter((icon) => categoryOf(icon) === category).map((icon) => ({ kind: 'icon' as const, icon, text: kindNames[icon] })),
  );
  const notes = (diagram.notes ?? []).flatMap((note) => wrap(note, width, fonts.legend)).map((text) => ({ kind: 'note' as const, text }));
  const entries: LegendEntry[] = [];
  let y = 0;
  for (const group of [first, second, ...notes.map((note) => [note])]) {
    let x = 0;
    for (const entry of group) {
      const textX = sampleWidths[entry.kind];
      const entryWidth = textX + widthOf(entry.text, fonts.legend);
      if (x > 0 && x + entryWidth > width) [x, y] = [0, y + rowHeight];
      entries.push({ ...entry, x, y, textX });
      x += entryWidth + 22;
    }
    if (group.length > 0) y += rowHeight;
  }
  return entries;
}

/** Pixels that a legend takes from top to bottom. */
export function legendHeight(entries: readonly LegendEntry[]): number {
  return entries.length === 0 ? 0 : Math.max(...entries.map((entry) => entry.y)) + rowHeight;
}
