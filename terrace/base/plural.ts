/** A number with its noun: `1 unit`, `2 units`. */
export function quantity(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** The first lines of a list, then how many more there are: a list that stays readable in an error. */
export function firstLines(lines: readonly string[], most = 10): string {
  return [...lines.slice(0, most), ...(lines.length > most ? [`and ${lines.length - most} more`] : [])].join('\n');
}
