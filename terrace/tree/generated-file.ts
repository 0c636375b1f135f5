import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Folder of this process, made when it is first needed. */
let folder: string | undefined;

/**
 * Puts content that the source computed into a file, since an asset is copied from one, and gives its path; `name` is the file's name, as it
 * stands in the unit's folder. The same content in one process is the same file. The folder has a random name and belongs to the user alone, so
 * that nobody else can put other code there before it is copied; it is removed when the process ends.
 */
export function generatedFile(name: string, content: string | Uint8Array): string {
  if (folder === undefined) {
    const made = mkdtempSync(path.join(tmpdir(), 'terrace-files-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  const file = path.join(folder, createHash('sha256').update(content).digest('hex'), name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}
