import { visible } from './value-text';

/** A text as a code span: GitHub makes neither mention, link, reference nor markup of what stands in one. */
export function code(text: string): string {
  const line = visible(text).replaceAll(/\s+/g, ' ').trim();
  if (line === '') return '` `';
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}

/** The same in a cell of a table, where a bar would end the cell. */
export function cell(text: string): string {
  return code(text).replaceAll('|', String.raw`\|`);
}

/** A text within HTML, where Markdown is not read; always put between `<code>` tags. */
export function html(text: string): string {
  return visible(text)
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Lines as a block that nothing in them can end. */
export function block(lines: readonly string[], language: string): string {
  const longest = Math.max(2, ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence].join('\n');
}
