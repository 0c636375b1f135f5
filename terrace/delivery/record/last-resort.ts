import { readFileSync } from 'node:fs';

import { isObject } from '../../base/json';

/**
 * The state that terraform prints on its output as a last resort, where it could neither upload it nor write `errored.tfstate` (a full
 * disk); undefined where there is none. Reads the files that terraform wrote its output to.
 */
export function printedState(files: readonly string[]): string | undefined {
  for (const file of files) {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      continue;
    }
    const found = stateIn(text);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The last whole JSON object in a text that is a state; terraform writes it with one member a line. Pure. */
export function stateIn(text: string): string | undefined {
  const begins = [...text.matchAll(/^\{$/gm)].map(({ index }) => index).toReversed();
  for (const begin of begins) {
    const end = /^\}$/m.exec(text.slice(begin));
    const candidate = end === null ? undefined : text.slice(begin, begin + end.index + 1);
    try {
      const value: unknown = JSON.parse(candidate ?? '');
      if (isObject(value) && value['version'] === 4 && typeof value['lineage'] === 'string') return `${candidate}\n`;
    } catch {
      // Not this one.
    }
  }
  return undefined;
}
