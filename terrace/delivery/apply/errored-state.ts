import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

import { messageOf } from '../../base/message';
import { keptStates, keptStatesFolder } from '../record/kept-states';
import type { Workspace } from '../terraform/workspace';

/**
 * Keeps a state that terraform could not upload, which stands nowhere but in the workspace, where `terrace state recover` looks for it; an
 * earlier one is not replaced. False where that fails: then the workspace must stay, and is named on stderr.
 */
export function keepErroredState(workspace: Workspace, unit: string, work: string): boolean {
  const errored = workspace.file('errored.tfstate');
  if (!existsSync(errored)) return true;
  const folder = keptStatesFolder(work, unit);
  const before = keptStates(work, unit).length;
  const kept = path.join(folder, before === 0 ? 'errored.tfstate' : `errored.${before + 1}.tfstate`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Not renamed at once: the two folders may be on different disks.
    copyFileSync(errored, `${kept}.part`);
    renameSync(`${kept}.part`, kept);
    process.stderr.write(
      `${unit}: terraform could not upload its state; it is kept in ${kept}\n  terrace state recover ${unit} brings it back\n`,
    );
    return true;
  } catch (error) {
    if (existsSync(`${kept}.part`)) rmSync(`${kept}.part`);
    process.stderr.write(
      `${unit}: terraform could not upload its state; it is only in ${errored} (${messageOf(error)})\n  terrace state recover ${unit} --file ${errored} brings it back\n`,
    );
    return false;
  }
}
