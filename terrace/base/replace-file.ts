import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { isErrno } from './errno';

let counter = 0;

/** Writes a file by a temporary sibling and a rename: readers see the old content or the new one, never half of it. */
export function replaceFile(file: string, content: string | Uint8Array, mode?: number): void {
  const temporary = `${file}.terrace-${process.pid}-${(counter += 1)}`;
  mkdirSync(path.dirname(file), { recursive: true });
  try {
    writeFileSync(temporary, content);
    if (mode !== undefined) chmodSync(temporary, mode);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Like `replaceFile`, but leaves a file alone that holds the content already; gives whether it wrote. */
export function replaceIfChanged(file: string, content: string | Uint8Array, mode?: number): boolean {
  if (holds(file, content)) return false;
  replaceFile(file, content, mode);
  return true;
}

/** True when the file exists and holds exactly this content. */
export function holds(file: string, content: string | Uint8Array): boolean {
  try {
    return readFileSync(file).equals(typeof content === 'string' ? Buffer.from(content) : content);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}
