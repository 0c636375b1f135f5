import { outputWidth } from '../base/line-width';
import { visibleLine } from '../base/visible';
import { wrapWords } from '../base/wrap-words';

export type Alignment = 'left' | 'right';

/**
 * A plain table: a head line, then a line a row, columns two blanks apart, no trailing blanks. Where it is wider than the terminal, texts of
 * several words go on in the next line; where even that is too wide, each row becomes a block. No word is ever broken, and
 * nothing is written that cannot be seen.
 */
export function renderTable(
  head: readonly string[],
  given: readonly (readonly string[])[],
  alignment: readonly Alignment[],
  width: number | undefined = outputWidth(),
): string {
  const rows = given.map((row) => row.map(visibleLine));
  const natural = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const total = (widths: readonly number[]): number => widths.reduce((sum, one) => sum + one, 0) + 2 * (widths.length - 1);
  if (width === undefined || total(natural) <= width) return linesOf(head, rows, alignment, natural);
  const least = head.map((title, column) => Math.max(longestWord(title), ...rows.map((row) => longestWord(row[column] ?? ''))));
  if (total(least) > width) return blocks(head, rows, width);
  // The widest column that can give way does, one column of the terminal at a time.
  const widths = [...natural];
  while (total(widths) > width) {
    const [widest] = widths
      .map((size, column) => ({ size, column, room: size - (least[column] ?? 0) }))
      .filter(({ room }) => room > 0)
      .toSorted((a, b) => b.size - a.size);
    if (widest === undefined) break;
    widths[widest.column] = widest.size - 1;
  }
  return linesOf(head, rows, alignment, widths);
}

function linesOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignment: readonly Alignment[],
  widths: readonly number[],
): string {
  return [head, ...rows]
    .flatMap((row) => {
      const cells = row.map((cell, column) => wrapWords(cell, widths[column] ?? cell.length));
      const height = Math.max(1, ...cells.map((lines) => lines.length));
      return Array.from({ length: height }, (_, line) =>
        cells
          .map((lines, column) => {
            const text = lines[line] ?? '';
            return alignment[column] === 'right' ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
          })
          .join('  ')
          .trimEnd(),
      );
    })
    .join('\n');
}

/** Each row as its first cell, and below it the others with their titles. */
function blocks(head: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  return rows
    .map(([first = '', ...others]) =>
      [
        first,
        ...others.flatMap((cell, index) => {
          if (cell === '') return [];
          const title = head[index + 1] ?? '';
          const [start = '', ...more] = wrapWords(`${title === '' ? '' : `${title}: `}${cell}`, width - 2);
          return [`  ${start}`, ...more.map((line) => `    ${line}`)];
        }),
      ].join('\n'),
    )
    .join('\n');
}

function longestWord(text: string): number {
  return Math.max(0, ...text.split(' ').map((word) => word.length));
}
