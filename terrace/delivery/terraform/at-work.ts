import { hostname } from 'node:os';
import path from 'node:path';

import { isAlive } from '../../base/living-process';
import type { LockInfo } from '../../state/lock/lock-info';
import { livingTerraformIn } from '../../terraform/living-terraform';
import { livingTerraforms, type LivingTerraform } from './workspace';

/** Folders, below that of the working files, in which a unit's terraform runs without a workspace: that of its bootstrap and its end. */
const foldersOfUnits = ['bootstrap', 'backend-destroy'];

/** The terraform of this host that still works on a unit, whatever became of the Terrace that started it. */
export function terraformAt(work: string, unit: string): LivingTerraform | undefined {
  const delivered = livingTerraforms(work).find((one) => one.unit === unit);
  if (delivered !== undefined) return delivered;
  const folders = foldersOfUnits.map((name) => path.join(work, name, unit));
  return folders.flatMap((folder) => {
    const pid = livingTerraformIn(folder);
    return pid === undefined ? [] : [{ unit, pid, folder }];
  })[0];
}

/**
 * True where a unit is being applied: a terraform of this host still works on it, or its lock is held by a process that lives, as far as can
 * be known: a holder on another host is believed.
 */
export function isAtWork(work: string, unit: string, holder: LockInfo | undefined): boolean {
  if (terraformAt(work, unit) !== undefined) return true;
  if (holder === undefined) return false;
  if (!holder.who.endsWith(`@${hostname()}`)) return true;
  const pid = /process (\d+)$/.exec(holder.info)?.[1];
  return pid === undefined || isAlive(Number(pid));
}
