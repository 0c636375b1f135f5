import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import type { UnitFiles } from '../../model/content-digest';
import { cannotWrite, writeFiles } from '../tree/write-files';

/** A private folder in which terraform runs on a copy of a unit's files: plans in plain form exist only here. */
export interface Workspace {
  readonly folder: string;
  file(name: string): string;
  /** Removes it with everything in it. */
  remove(): void;
}

/** Folder of all workspaces, below that of the working files. */
export function workspacesIn(work: string): string {
  return path.join(work, 'work');
}

/** Makes a workspace that holds the files. Raises E6027 where it cannot be written. */
export function openWorkspace(work: string, unit: string, files: UnitFiles): Workspace {
  try {
    mkdirSync(workspacesIn(work), { recursive: true, mode: 0o700 });
    const folder = mkdtempSync(path.join(workspacesIn(work), `${process.pid}-`));
    const workspace = {
      folder,
      file: (name: string) => path.join(folder, name),
      remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
    };
    try {
      writeFiles(folder, files);
    } catch (error) {
      workspace.remove();
      throw error;
    }
    return workspace;
  } catch (cause) {
    throw cannotWrite(unit, cause);
  }
}

/** Removes workspaces whose process is gone: what was killed leaves no plan behind for longer than until the next run. */
export function sweepWorkspaces(work: string): void {
  const root = workspacesIn(work);
  let names: readonly string[];
  try {
    names = readdirSync(root);
  } catch {
    return;
  }
  for (const name of names) {
    const pid = Number(name.split('-')[0]);
    // A state that terraform could not upload stands nowhere else: that folder stays until `terrace state recover` has taken it.
    if (Number.isInteger(pid) && pid > 0 && !isAlive(pid) && !existsSync(path.join(root, name, 'errored.tfstate')))
      rmSync(path.join(root, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
