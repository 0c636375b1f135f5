import path from 'node:path';

import type { Diagram } from '../describe/diagram';
import type { Sequence } from '../describe/sequence';
import { layout } from '../layout/layout';
import { placedSequence } from '../layout/sequence';
import { mermaidOf } from './mermaid';
import { sequenceMermaid } from './sequence-mermaid';
import { sequenceSvg } from './sequence-svg';
import { svgOf } from './svg';

/** A page of pictures that a system describes: Markdown with one SVG for each section, all generated. */
export interface DiagramPage {
  /** Markdown file, relative to the project's root. */
  readonly path: string;
  readonly title: string;
  readonly introduction: string;
  readonly sections: readonly PageSection[];
  /** Links under "Related Documentation". */
  readonly related: readonly { readonly title: string; readonly href: string }[];
}

export type PageSection = PictureSection | SequenceSection;

interface Section {
  readonly heading: string;
  /** Paragraphs above the picture. */
  readonly text: string;
  /** SVG file, relative to the project's root. */
  readonly asset: string;
}

interface PictureSection extends Section {
  readonly diagram: Diagram;
}

interface SequenceSection extends Section {
  readonly sequence: Sequence;
  readonly diagram?: undefined;
}

/** The files of a page by their paths, the Markdown first. The same page always gives the same bytes. */
export async function filesOf(page: DiagramPage): Promise<ReadonlyMap<string, string>> {
  const files = new Map([[page.path, markdownOf(page)]]);
  for (const section of page.sections)
    files.set(
      section.asset,
      section.diagram === undefined ? sequenceSvg(placedSequence(section.sequence)) : svgOf(await layout(section.diagram)),
    );
  return files;
}

function markdownOf(page: DiagramPage): string {
  const sections = page.sections.flatMap((section) => {
    const { heading, text, asset } = section;
    const { description } = section.diagram ?? section.sequence;
    const source = path.posix.relative(path.posix.dirname(page.path), asset);
    return [
      `## ${heading}`,
      '',
      text,
      '',
      `![${heading}: ${description.replaceAll(']', '\\]')}](${source})`,
      '',
      '<details>',
      '<summary>The same in Mermaid</summary>',
      '',
      '```mermaid',
      (section.diagram === undefined ? sequenceMermaid(section.sequence) : mermaidOf(section.diagram)).trimEnd(),
      '```',
      '',
      '</details>',
      '',
    ];
  });
  const related =
    page.related.length === 0
      ? []
      : ['## Related Documentation', '', ...page.related.map(({ title, href }) => `- [${title}](${href})`), ''];
  return [
    `# ${page.title}`,
    '',
    '<!-- Written by `terrace diagram --pages`; changes made by hand will be lost. -->',
    '',
    page.introduction,
    '',
    ...sections,
    ...related,
  ].join('\n');
}
