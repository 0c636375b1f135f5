import { existsSync } from 'node:fs';
import path from 'node:path';

import { exitCodes, TerraceError } from './errors';

/** The project of a folder: the nearest one upwards that holds `cdktf.json`. Raises E0002 (exit 64) when there is none. */
export function findProject(from: string): string {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'cdktf.json'))) return folder;
    if (path.dirname(folder) === folder) {
      throw new TerraceError(
        {
          code: 'E0002',
          title: 'no project',
          place: from,
          found: 'no cdktf.json in this folder or above it',
          todo: 'run terrace inside a project, name one with --project DIR, or start one with terrace init',
        },
        exitCodes.wrongUsage,
      );
    }
  }
}

export function projectRoot(): string {
  return findProject(process.cwd());
}
