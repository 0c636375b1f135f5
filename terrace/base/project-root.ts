import { existsSync } from 'node:fs';
import path from 'node:path';

import { exitCodes, TerraceError } from './errors';

/** The nearest folder upwards that holds `cdktf.json`, or undefined. */
export function projectAbove(from: string): string | undefined {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'cdktf.json'))) return folder;
    if (path.dirname(folder) === folder) return undefined;
  }
}

/** The project of a folder: the nearest one upwards that holds `cdktf.json`. Raises E0002 (exit 64) when there is none. */
export function findProject(from: string): string {
  const found = projectAbove(from);
  if (found !== undefined) return found;
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
