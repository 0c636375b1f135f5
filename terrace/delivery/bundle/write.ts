import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { failed } from '../problems';
import { cannotWrite, writeFiles } from '../tree/write-files';

import { packArchive } from './archive';
import { bundleFile } from './bundle';

/** True where a bundle is written as one archive instead of a folder. */
export function isArchiveName(place: string): boolean {
  return place.endsWith('.tar.gz') || place.endsWith('.tgz');
}

/**
 * Raises E6027 where a bundle cannot stand: a file or a folder of something else is in its place, or a file where a folder of its path
 * should be. Nothing is written.
 */
export function refuseForeignPlace(place: string): void {
  const found = foreignIn(place);
  if (found !== undefined) throw failed('E6027', { place, found, todo: 'choose another place with --out' });
}

function foreignIn(place: string): string | undefined {
  const kind = kindOf(place);
  if (kind === undefined) {
    let parent = path.dirname(path.resolve(place));
    while (kindOf(parent) === undefined && path.dirname(parent) !== parent) parent = path.dirname(parent);
    return kindOf(parent) === 'file' ? `${parent} is not a folder` : undefined;
  }
  if (isArchiveName(place)) return kind === 'folder' ? 'a folder, where an archive would be written' : undefined;
  if (kind === 'file') return 'a file, where a folder would be written; an archive is named .tar.gz';
  let names: readonly string[];
  try {
    names = readdirSync(place);
  } catch (cause) {
    throw cannotWrite(place, cause);
  }
  return names.length === 0 || names.includes(bundleFile) ? undefined : 'a folder that holds something other than a bundle';
}

/** Undefined where nothing is, or where it cannot be reached. */
function kindOf(place: string): 'file' | 'folder' | undefined {
  try {
    return statSync(place).isDirectory() ? 'folder' : 'file';
  } catch {
    return undefined;
  }
}

/**
 * Writes a bundle whole or not at all: into a sibling that is renamed. An older bundle in its place is replaced; anything else is left alone.
 * Raises E6027 where it cannot be written.
 */
export function writeBundle(place: string, files: ReadonlyMap<string, Uint8Array>): void {
  refuseForeignPlace(place);
  try {
    mkdirSync(path.dirname(path.resolve(place)), { recursive: true });
    if (isArchiveName(place)) {
      const temporary = `${place}.${process.pid}.tmp`;
      try {
        writeFileSync(temporary, packArchive(files), { mode: 0o600 });
        renameSync(temporary, place);
      } finally {
        rmSync(temporary, { force: true });
      }
      return;
    }
    const temporary = mkdtempSync(`${path.resolve(place)}.`);
    try {
      writeFiles(temporary, files);
      rmSync(place, { recursive: true, force: true });
      renameSync(temporary, place);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  } catch (cause) {
    throw cannotWrite(place, cause);
  }
}
