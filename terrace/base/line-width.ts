/** Columns of a line that is written over: one less than the terminal has, so that it never wraps; 99 where the terminal does not say (0, or none). */
export function lineWidth({ columns = 0 }: { readonly columns?: number }): number {
  return (columns > 0 ? columns : 100) - 1;
}
