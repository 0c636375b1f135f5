import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { isErrno } from '../base/errno';

const lockFileName = '.terraform.lock.hcl';

/**
 * Removes lock files that hold hashes of simulated providers: with one, a later `terraform init` outside the sandbox would refuse the real
 * provider. Gives the removed files. Any other lock file stays.
 */
export async function removeSimulatedLockFiles(folders: readonly string[]): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const folder of folders) {
    const file = path.join(folder, lockFileName);
    const text = readOptional(file);
    if (text === undefined) continue;
    const { simulatedLocks } = await import('../terraform/simulated-provider');
    if (simulatedLocks(text).length === 0) continue;
    rmSync(file, { force: true });
    removed.push(file);
  }
  return removed;
}

function readOptional(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
