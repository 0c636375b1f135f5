/** A line that a change wrote, and what stood there. */
export interface ChangedLine {
  /** Relative to the repository, with `/`. */
  readonly file: string;
  /** Line in the newer version, from 1; where lines were only taken away, the one that follows them. */
  readonly line: number;
  /** Line in the older version of the first that it may have come from. */
  readonly beforeLine: number;
  /** How many it may have come from; 0 for a line that is new. */
  readonly beforeLines: number;
  /** What stood there; empty for a line that is new. */
  readonly before: string;
  /** What stands there; empty for a line that is gone. */
  readonly after: string;
}

/**
 * The lines of a difference, as `git diff --unified=0` prints it. Of lines that replace as many, each is held beside its own; of others, each
 * beside all that it may have come from. Pure.
 */
export function changedLines(diff: string): readonly ChangedLine[] {
  const found: ChangedLine[] = [];
  let file = '';
  for (const part of diff.split(/^(?=diff --git |@@ )/m)) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(part);
    if (header === null) {
      file = /^\+\+\+ b\/(.*)$/m.exec(part)?.[1] ?? /^--- a\/(.*)$/m.exec(part)?.[1] ?? '';
      continue;
    }
    const rows = part.split('\n').slice(1);
    const before = rows.filter((row) => row.startsWith('-')).map((row) => row.slice(1));
    const after = rows.filter((row) => row.startsWith('+')).map((row) => row.slice(1));
    const [old, start] = [Number(header[1]), Number(header[2])];
    if (after.length === 0)
      found.push(
        ...before.map((text, index) => ({ file, line: start + 1, beforeLine: old + index, beforeLines: 1, before: text, after: '' })),
      );
    else
      found.push(
        ...after.map((text, index) => ({
          file,
          line: start + index,
          ...(before.length === after.length
            ? { beforeLine: old + index, beforeLines: 1, before: before[index] ?? '' }
            : { beforeLine: old, beforeLines: before.length, before: before.join('\n') }),
          after: text,
        })),
      );
  }
  return found.filter((one) => one.file !== '');
}
