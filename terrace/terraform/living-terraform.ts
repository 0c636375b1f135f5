import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';

import { isAlive } from '../base/living-process';
import { processFile } from './run';

/** Process id of the terraform that still runs in a folder that outlives its Terrace; undefined where none does. */
export function livingTerraformIn(folder: string): number | undefined {
  const text = textIn(path.join(folder, processFile));
  if (text === undefined) return undefined;
  const { pid }: { readonly pid?: number } = JSON.parse(text || '{}');
  if (pid === undefined || !isAlive(pid)) return undefined;
  try {
    // A number may be given again to another process: this one must stand in the folder.
    return realpathSync(`/proc/${pid}/cwd`) === realpathSync(folder) ? pid : undefined;
  } catch {
    return existsSync('/proc/self') ? undefined : pid;
  }
}

function textIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
