/** Columns of a line that is written over: one less than the terminal has, so that it never wraps; 99 where the terminal does not say (0, or none). */
export function lineWidth({ columns = 0 }: { readonly columns?: number }): number {
  return (columns > 0 ? columns : 100) - 1;
}

/** Columns that a text may take: those of the terminal, or what COLUMNS says; undefined, which is any number, where the output goes elsewhere. */
export function outputWidth(
  stream: { readonly isTTY?: boolean; readonly columns?: number } = process.stdout,
  env: Readonly<NodeJS.ProcessEnv> = process.env,
): number | undefined {
  const columns = stream.isTTY === true ? stream.columns : Number(env['COLUMNS']);
  return columns !== undefined && Number.isInteger(columns) && columns >= 20 ? columns : undefined;
}
