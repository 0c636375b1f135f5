/** The words of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Its first line: Node's `Cannot find module` goes on with who required whom. */
export function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
