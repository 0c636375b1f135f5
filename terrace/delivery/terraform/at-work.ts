import { hostname } from 'node:os';

import { isAlive } from '../../base/living-process';
import type { LockInfo } from '../../state/lock/lock-info';
import { livingTerraforms } from './workspace';

/**
 * True where a unit is being applied: a terraform of this host still works on it, or its lock is held by a process that lives, as far as can
 * be known: a holder on another host is believed.
 */
export function isAtWork(work: string, unit: string, holder: LockInfo | undefined): boolean {
  if (livingTerraforms(work).some((one) => one.unit === unit)) return true;
  if (holder === undefined) return false;
  if (!holder.who.endsWith(`@${hostname()}`)) return true;
  const pid = /process (\d+)$/.exec(holder.info)?.[1];
  return pid === undefined || isAlive(Number(pid));
}
