import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { failed } from '../problems';
import { cannotWrite, writeFiles } from '../running/workspace';

import { packArchive } from './archive';
import { bundleFile } from './bundle';

/** True where a bundle is written as one archive instead of a folder. */
export function isArchiveName(place: string): boolean {
  return place.endsWith('.tar.gz') || place.endsWith('.tgz');
}

/**
 * Writes a bundle whole or not at all: into a sibling that is renamed. An older bundle in its place is replaced; anything else is left alone.
 * Raises E6027 where it cannot be written.
 */
export function writeBundle(place: string, files: ReadonlyMap<string, Uint8Array>): void {
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
    if (existsSync(place) && readdirSync(place).length > 0 && !existsSync(path.join(place, bundleFile))) {
      throw failed('E6027', { place, found: 'a folder that holds something else than a bundle', todo: 'give --out another place' });
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
    if (cause instanceof Error && cause.name === 'TerraceError') throw cause;
    throw cannotWrite(place, cause);
  }
}
