import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { messageOf } from '../../base/message';
import { keptStates, keptStatesFolder } from './kept-states';
import { printedState } from './last-resort';

/** The folder in which terraform ran. */
interface RanIn {
  file(name: string): string;
}

/** True where terraform ended without having uploaded its state: it left it in a file, or on its output as a last resort. */
export function isNotUploaded(workspace: RanIn): boolean {
  return existsSync(workspace.file('errored.tfstate')) || printedIn(workspace) !== undefined;
}

function printedIn(workspace: RanIn): string | undefined {
  return printedState([workspace.file('terraform.err'), workspace.file('terraform.out')]);
}

/**
 * Keeps a state that terraform could not upload, which stands nowhere but in the workspace, where `terrace state recover` looks for it; an
 * earlier one is not replaced. Of a file that is empty, since the disk was full, what terraform printed instead is kept. False where that fails: then the workspace must stay, and is named on stderr.
 */
export function keepErroredState(workspace: RanIn, unit: string, work: string): boolean {
  const errored = workspace.file('errored.tfstate');
  const isWhole = (statSync(errored, { throwIfNoEntry: false })?.size ?? 0) > 0;
  const printed = isWhole ? undefined : printedIn(workspace);
  if (printed === undefined && !existsSync(errored)) return true;
  const folder = keptStatesFolder(work, unit);
  const before = keptStates(work, unit).length;
  const kept = path.join(folder, before === 0 ? 'errored.tfstate' : `errored.${before + 1}.tfstate`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Not renamed at once: the two folders may be on different disks.
    if (printed === undefined) copyFileSync(errored, `${kept}.part`);
    else writeFileSync(`${kept}.part`, printed, { mode: 0o600 });
    renameSync(`${kept}.part`, kept);
    process.stderr.write(
      `${unit}: terraform could not upload its state, which is kept in ${kept}\n  bring it back with: terrace state recover ${unit}\n`,
    );
    return true;
  } catch (error) {
    if (existsSync(`${kept}.part`)) rmSync(`${kept}.part`);
    process.stderr.write(
      `${unit}: terraform could not upload its state, which is only in ${errored} (${messageOf(error)})\n  bring it back with: terrace state recover ${unit} --file ${errored}\n`,
    );
    return false;
  }
}
