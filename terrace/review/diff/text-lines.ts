import { diffLines } from 'diff';

import type { TextLine } from './attribute-change';

/** Texts with a line break, or this long, are shown as lines. */
const longText = 160;
/** Unchanged lines around each difference. */
const context = 2;
/** Texts together beyond this length are not compared line by line: it would take seconds. */
const longestCompared = 100_000;

export function isLongText(value: unknown): value is string {
  return typeof value === 'string' && (value.includes('\n') || value.length > longText);
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** The lines of two texts; runs of unchanged ones are cut to the context, null standing for the gap. */
export function textLines(before: string, after: string): readonly (TextLine | null)[] {
  const comparable = before.length + after.length <= longestCompared;
  const parts = comparable
    ? diffLines(before, after)
    : [
        { removed: true, added: false, value: before },
        { removed: false, added: true, value: after },
      ];
  const lines = parts.flatMap((part) =>
    linesOf(part.value).map((text): TextLine => ({ kind: part.added ? 'added' : part.removed ? 'removed' : 'same', text })),
  );
  const near = lines.map((_, index) => lines.slice(Math.max(0, index - context), index + context + 1).some((line) => line.kind !== 'same'));
  const shown: (TextLine | null)[] = [];
  lines.forEach((line, index) => {
    if (near[index] === true) shown.push(line);
    else if (shown.at(-1) !== null) shown.push(null);
  });
  return shown;
}
