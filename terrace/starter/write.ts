import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { exitCodes, TerraceError } from '../base/errors';
import { replaceFile } from '../base/replace-file';

/** Text by the file's path below the project, with `/`. */
export type NewFiles = ReadonlyMap<string, string>;

/** Writes files that do not exist; raises E0012 for those that do, before anything is written. */
export function writeNew(root: string, files: NewFiles): void {
  const there = [...files.keys()].filter((name) => existsSync(path.join(root, name)));
  if (there.length > 0)
    throw new TerraceError(
      there.map((place) => ({
        code: 'E0012',
        title: 'file exists',
        place,
        found: 'writing it would replace it',
        todo: 'choose another name, or move the file out of the way',
      })),
      exitCodes.wrongUsage,
    );
  for (const [name, text] of files) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
  }
}

/** One addition to a source file. */
export interface Insertion {
  /** Line after which it comes, or before which with `before`. */
  readonly at: RegExp;
  readonly before?: boolean;
  readonly text: string;
}

/**
 * Adds lines to a source file that a person owns. Undefined where it has another shape than `terrace init` gives it: then nothing is
 * written, and a person adds them.
 */
export function withInsertions(source: string, insertions: readonly Insertion[]): string | undefined {
  let text = source;
  for (const { at, before = false, text: added } of insertions) {
    const found = at.exec(text);
    if (found === null) return undefined;
    const place = before ? found.index : found.index + found[0].length;
    text = `${text.slice(0, place)}${added}${text.slice(place)}`;
  }
  return text;
}

/** Inserts into a file of the project; gives whether it could. */
export function insertInto(root: string, name: string, insertions: readonly Insertion[]): boolean {
  const file = path.join(root, name);
  const text = existsSync(file) ? withInsertions(readFileSync(file, 'utf8'), insertions) : undefined;
  if (text !== undefined) replaceFile(file, Buffer.from(text));
  return text !== undefined;
}
