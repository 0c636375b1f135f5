import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

let counter = 0;

/** Mark in the name of a file or folder that is being written or removed; what bears it after a crash is rubbish. */
export const unfinishedMark = '.unfinished-';

/** A sibling path that no other writer uses. */
export function unfinishedPath(target: string): string {
  counter += 1;
  return path.join(path.dirname(target), `${unfinishedMark}${process.pid}-${counter}`);
}

/** Replaces a file in one step: after a kill it holds the old content or the new one. Makes its folder. */
export function replaceFile(file: string, content: string | Uint8Array | readonly Uint8Array[], mode = 0o600): void {
  const temporary = unfinishedPath(file);
  const parts = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
  const write = (): void => parts.forEach((part, index) => writeFileSync(temporary, part, { mode, flag: index === 0 ? 'w' : 'a' }));
  try {
    write();
  } catch (error) {
    if (!isMissing(error)) throw error;
    mkdirSync(path.dirname(file), { recursive: true });
    write();
  }
  renameSync(temporary, file);
}

/** Removes a folder in one step: after a kill it is whole, or gone but for rubbish that {@link unfinishedMark} names. */
export function removeFolder(folder: string): void {
  const doomed = unfinishedPath(folder);
  renameSync(folder, doomed);
  rmSync(doomed, { recursive: true, force: true });
}

/** Parsed content of a JSON file; undefined when the file is missing. Throws SyntaxError on anything that is not JSON. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** True for ENOENT. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Names in a folder; none where there is no such folder. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
