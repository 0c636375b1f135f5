export type Alignment = 'left' | 'right';

/** A plain table: a head line, then a line a row, columns two blanks apart, no trailing blanks. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[], alignment: readonly Alignment[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (alignment[column] === 'right' ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}
