import { existsSync } from 'node:fs';
import path from 'node:path';

import { TerraceError } from './errors';

let found: string | undefined;

/**
 * The folder that holds `cdktf.json`: the nearest one upwards from this file, wherever it was compiled to.
 * Raises E0002 when there is none.
 */
export function projectRoot(): string {
  if (found !== undefined) return found;
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'cdktf.json'))) return (found = folder);
    if (path.dirname(folder) === folder) {
      throw new TerraceError({
        code: 'E0002',
        title: 'no project',
        place: __dirname,
        found: 'no cdktf.json in this folder or above it',
        todo: 'run terrace from its own repository',
      });
    }
  }
}
