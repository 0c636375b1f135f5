import { offlinePage } from '../../base/offline-page';
import { packageText } from '../../base/package-file';
import { visible } from '../../base/visible';
import type { Rehearsal } from '../rehearsal';
import { sectionsOf, type Section } from './sections';

/** First line of every comment, to find it again. */
export const rehearsalMarker = '<!-- terrace-rehearsal -->';

/** What a comment may hold, in UTF-8 bytes. */
const mostBytes = 65_536;

/** The report for a terminal. */
export function rehearsalText(rehearsal: Rehearsal): string {
  return sectionsOf(rehearsal)
    .map(({ title, lines, table }) =>
      [title, ...lines.map((line) => `  ${plain(line)}`), ...(table?.rows ?? []).map((row) => `  ${row.map(plain).join('  ')}`)].join('\n'),
    )
    .join('\n\n');
}

/** The report as a comment; sections that have no room are named. */
export function rehearsalMarkdown(rehearsal: Rehearsal): string {
  const parts = [rehearsalMarker, `## Rehearsal: ${rehearsal.outcome}`];
  const left: string[] = [];
  for (const section of sectionsOf(rehearsal)) {
    const text = markdownSection(section);
    if (Buffer.byteLength([...parts, text].join('\n\n')) > mostBytes - 500) left.push(section.title);
    else parts.push(text);
  }
  if (left.length > 0) parts.push(`Not shown for lack of room: ${left.map(cell).join(', ')}; see the page.`);
  return `${parts.join('\n\n')}\n`;
}

function markdownSection({ title, lines, table }: Section): string {
  const rows =
    table === undefined || table.rows.length === 0
      ? []
      : [
          `| ${table.head.join(' | ')} |`,
          `|${table.head.map(() => '---').join('|')}|`,
          ...table.rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
        ];
  return [
    `### ${title}`,
    ...(rows.length === 0 ? [] : [rows.join('\n')]),
    ...(lines.length === 0
      ? []
      : [lines.map((line) => (line.startsWith('  ') ? `  - ${inline(line.trim())}` : `- ${inline(line)}`)).join('\n')]),
  ].join('\n\n');
}

/** The report as one HTML file that needs nothing else and runs nothing. */
export function rehearsalPage(rehearsal: Rehearsal): string {
  const style = ['theme', 'head', 'findings-and-units'].map((name) => packageText(`review/render/html/styles/${name}.css`)).join('');
  return offlinePage({
    title: `Terrace rehearsal: ${escaped(rehearsal.outcome)}`,
    style: `${style}${own}`,
    body: `<main><h1>Rehearsal: ${escaped(rehearsal.outcome)}</h1>\n${sectionsOf(rehearsal).map(htmlSection).join('\n')}\n</main>`,
  });
}

/** Beside the head that all pages have. A table that is wider than the page scrolls in its frame, so that no name is broken. */
const own = [
  'main{width:100%;max-width:72rem;margin:1rem auto}',
  'h1{margin:.5rem 0 1rem}',
  '.wide{overflow-x:auto}',
  'table{border-collapse:collapse}',
  'td,th{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top}',
  'td code{white-space:nowrap}',
  'ul{margin:.4rem 0;padding-left:1.2rem;list-style:disc}',
  'li{overflow-wrap:anywhere}',
  'li.more{margin-left:1.2rem;list-style:circle}',
].join('');

function htmlSection({ title, lines, table }: Section): string {
  const rows =
    table === undefined || table.rows.length === 0
      ? ''
      : `<div class="wide" tabindex="0" role="region" aria-label="${escaped(title)}"><table><thead><tr>${table.head.map((one) => `<th>${escaped(one)}</th>`).join('')}</tr></thead><tbody>${table.rows.map((row) => `<tr>${row.map((one) => `<td>${htmlInline(one)}</td>`).join('')}</tr>`).join('')}</tbody></table></div>`;
  const list =
    lines.length === 0
      ? ''
      : `<ul>${lines.map((line) => `<li${line.startsWith('  ') ? ' class="more"' : ''}>${htmlInline(line.trim())}</li>`).join('')}</ul>`;
  return `<section><h2>${escaped(title)}</h2>${rows}${list}</section>`;
}

function htmlInline(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? `<code>${escaped(part)}</code>` : escaped(part)))
    .join('');
}

function escaped(text: string): string {
  return visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function plain(text: string): string {
  return visible(text.replaceAll('`', ''));
}

/** Nothing in a name or message may become markup, a mention or a line of its own. */
function inline(text: string): string {
  return visible(text)
    .split('`')
    .map((part, index) => (index % 2 === 1 ? `\`${part}\`` : part.replaceAll(/[\\*_[\]<>#|~@!]/g, (char) => `\\${char}`)))
    .join('');
}

function cell(text: string): string {
  return inline(text).replaceAll('|', '\\|').replaceAll(/\r?\n/g, ' ');
}
