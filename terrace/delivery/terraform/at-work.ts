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
 * Who applies a unit right now: a terraform of this host that still works on it, or the holder of its lock while its process lives, as far as
 * can be known: a holder on another host is believed. Undefined where nobody does.
 */
export function workerOf(work: string, unit: string, holder: LockInfo | undefined): string | undefined {
  const terraform = terraformAt(work, unit);
  if (terraform !== undefined) return `terraform, process ${terraform.pid} on this host`;
  if (holder === undefined) return undefined;
  const pid = holder.who.endsWith(`@${hostname()}`) ? /process (\d+)$/.exec(holder.info)?.[1] : undefined;
  if (pid === undefined) return holder.who;
  return isAlive(Number(pid)) ? `${holder.who}, process ${pid} on this host` : undefined;
}
