import { existsSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

import { isErrno } from '../base/errno';
import { TerraceError } from '../base/errors';
import { holds, replaceFile } from '../base/replace-file';
import type { TreeFile } from './tree-files';
import { parseRecord, recordName, renderRecord } from './written-files';

/** What a run did, or would do, to one folder; paths relative to it, sorted. */
export interface FolderReport {
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
}

export interface FolderPart {
  /** The files that the part holds now. */
  readonly files: readonly TreeFile[];
  /** Tells whether a path lies in the part that was synthesized: outside of it nothing is removed. */
  readonly isInPart: (path: string) => boolean;
}

/** What `syncFolder` would do, without doing it. */
export function compareFolder(folder: string, part: FolderPart): FolderReport {
  const record = readRecord(folder);
  const wanted = new Set(part.files.map((file) => file.path));
  const written = part.files.filter((file) => !isCurrent(folder, file)).map((file) => file.path);
  const removed = [...record].filter((name) => !wanted.has(name) && part.isInPart(name) && existsSync(path.join(folder, name)));
  return { written, removed, unchanged: part.files.length - written.length };
}

/**
 * Makes a folder hold a part's files: writes what differs (each folder's files at once, by renames), removes what the record
 * names and the source no longer makes, and leaves everything else alone. The record names all of both while it works, so
 * that a run after a kill completes it. Raises E3201 for files in the way that Terrace did not write.
 */
export function syncFolder(folder: string, part: FolderPart): FolderReport {
  const record = readRecord(folder);
  const report = compareFolder(folder, part);
  const foreign = report.written.filter((name) => !record.has(name) && existsSync(path.join(folder, name)));
  if (foreign.length > 0)
    throw new TerraceError(
      foreign.map((name) => ({
        code: 'E3201',
        title: 'file in the way',
        place: path.join(folder, name),
        found: 'a file with different content that Terrace did not write',
        expected: 'no file, or one that an earlier synthesis wrote',
        todo: 'move it out of the way, then synthesize again',
      })),
    );
  const wanted = new Set(part.files.map((file) => file.path));
  const changed = report.written.length > 0 || report.removed.length > 0;
  const recorded = [...record].filter((name) => wanted.has(name) || !part.isInPart(name));
  if (changed) writeRecord(folder, [...record, ...wanted]);
  const byPath = new Map(part.files.map((file) => [file.path, file]));
  for (const name of report.written) {
    const file = byPath.get(name);
    if (file !== undefined) replaceFile(path.join(folder, name), file.content, file.executable === true ? 0o755 : 0o644);
  }
  for (const name of report.removed) {
    rmSync(path.join(folder, name), { force: true });
    removeEmptyParents(folder, name);
  }
  writeRecord(folder, [...recorded, ...wanted]);
  return report;
}

export function readRecord(folder: string): ReadonlySet<string> {
  try {
    return parseRecord(readFileSync(path.join(folder, recordName)));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return new Set();
    throw error;
  }
}

function writeRecord(folder: string, paths: Iterable<string>): void {
  const content = renderRecord(paths);
  const file = path.join(folder, recordName);
  if (!holds(file, content)) replaceFile(file, content);
}

function isCurrent(folder: string, file: TreeFile): boolean {
  const name = path.join(folder, file.path);
  return holds(name, file.content) && (file.executable !== true || (statSync(name).mode & 0o111) !== 0);
}

function removeEmptyParents(folder: string, name: string): void {
  for (let parent = path.dirname(name); parent !== '.'; parent = path.dirname(parent)) {
    try {
      rmdirSync(path.join(folder, parent));
    } catch (error) {
      if (isErrno(error, 'ENOTEMPTY', 'ENOENT')) return;
      throw error;
    }
  }
}
