import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { isAlive } from '../../base/living-process';
import { livingTerraformIn } from '../../terraform/living-terraform';
import type { UnitFiles } from '../../model/content-digest';
import { keepErroredState } from '../record/errored-state';
import { begunIn } from '../record/unfinished';
import { noteUnfinished } from '../record/unfinished-notes';
import { cannotWrite, writeFiles } from '../tree/write-files';

/** A private folder in which terraform runs on a copy of a unit's files: plans in plain form exist only here. */
export interface Workspace {
  readonly folder: string;
  file(name: string): string;
  /** Says that an apply begins here, with a record of that time. */
  begin(at: string): void;
  /** Removes it with everything in it. */
  remove(): void;
}

/** Says whose workspace it is. */
const unitFile = 'terrace.unit';
/** Stands in a workspace in which an apply began: `at` of the record that it began with. */
const beganFile = 'terrace.began';

/** Folder of all workspaces, below that of the working files. */
export function workspacesIn(work: string): string {
  return path.join(work, 'work');
}

/** Files of a user's home that terraform may have, by their paths below it. */
export interface HomeFiles {
  readonly home: string | undefined;
  readonly files: readonly string[];
}

/** Makes a workspace that holds the files, and links to those of the user's home that may be read. Raises E6027 where it cannot be written. */
export function openWorkspace(
  work: string,
  unit: string,
  files: UnitFiles,
  { home, files: passed }: HomeFiles = { home: undefined, files: [] },
): Workspace {
  try {
    mkdirSync(workspacesIn(work), { recursive: true, mode: 0o700 });
    const folder = mkdtempSync(path.join(workspacesIn(work), `${process.pid}-`));
    const workspace = {
      folder,
      file: (name: string) => path.join(folder, name),
      begin: (at: string) => writeFileSync(path.join(folder, beganFile), at, { mode: 0o600 }),
      remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
    };
    try {
      writeFiles(folder, files);
      writeFileSync(path.join(folder, unitFile), unit, { mode: 0o600 });
      const linked = home === undefined ? [] : passed.filter(isBelowHome).map((name) => ({ name, from: path.join(home, name) }));
      for (const { name, from } of linked) {
        const link = path.join(folder, '.home', name);
        mkdirSync(path.dirname(link), { recursive: true, mode: 0o700 });
        symlinkSync(from, link);
      }
    } catch (error) {
      workspace.remove();
      throw error;
    }
    return workspace;
  } catch (cause) {
    throw cannotWrite(unit, cause);
  }
}

/** A path that cannot lead out of the home. */
function isBelowHome(name: string): boolean {
  const normal = path.posix.normalize(name);
  return normal !== '.' && !path.posix.isAbsolute(normal) && normal !== '..' && !normal.startsWith('../');
}

/**
 * Removes workspaces whose process is gone: what was killed leaves no plan behind for longer than until the next run. What a terraform in it
 * had begun is noted, and a state that it could not upload is kept.
 */
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
    const folder = path.join(root, name);
    if (!Number.isInteger(pid) || pid <= 0 || isAlive(pid) || livingTerraformIn(folder) !== undefined) continue;
    noteDeath(work, folder);
    // A state that terraform could not upload stands nowhere else: where it cannot be kept, the folder stays.
    const unit = textIn(path.join(folder, unitFile));
    const isTaken =
      unit === undefined
        ? !existsSync(path.join(folder, 'errored.tfstate'))
        : keepErroredState({ file: (one) => path.join(folder, one) }, unit, work);
    if (isTaken) rmSync(folder, { recursive: true, force: true });
  }
}

/** What a terraform had begun that died together with its Terrace: one that ended by itself has said so, and written its state. */
function noteDeath(work: string, folder: string): void {
  const [unit, of, output = '', errors = ''] = [unitFile, beganFile, 'terraform.out', 'terraform.err'].map((name) =>
    textIn(path.join(folder, name)),
  );
  if (unit === undefined || of === undefined) return;
  const isOver = /^(?:Apply|Destroy) complete!/m.test(output) || /Error: /.test(errors);
  noteUnfinished(work, unit, { of, resources: isOver ? [] : begunIn(output) });
}

/** A terraform that goes on although the Terrace that started it is gone, or may be. */
export interface LivingTerraform {
  readonly unit: string;
  readonly pid: number;
  readonly folder: string;
}

/** The terraforms of this host that still apply something in a workspace. */
export function livingTerraforms(work: string): readonly LivingTerraform[] {
  const root = workspacesIn(work);
  let names: readonly string[];
  try {
    names = readdirSync(root);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const folder = path.join(root, name);
    const pid = livingTerraformIn(folder);
    const unit = textIn(path.join(folder, unitFile));
    return pid === undefined || unit === undefined ? [] : [{ unit, pid, folder }];
  });
}

function textIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
