import { existsSync, statSync } from 'node:fs';
import path from 'node:path';

import { TerraceError } from '../../base/errors';
import { keptStates, keptStatesFolder } from '../../delivery/record/kept-states';
import { stackIdOf } from '../../tree/names';

/** Where terraform was run. */
export interface ErroredStateFolders {
  /** Undefined outside any project. */
  readonly project: string | undefined;
  /** Working files of Terrace. */
  readonly work: string;
  /** The synthesized tree. */
  readonly tree: string;
}

/**
 * The one state that terraform could not write: named, or found where plain terraform, `terrace apply` and cdktf leave it.
 * Raises E4518 when there is none, E4519 when there are several.
 */
export function erroredState(unit: string, file: string | undefined, folders: ErroredStateFolders): string {
  const { project, work, tree } = folders;
  const kept = keptStates(work, unit);
  const places =
    file === undefined
      ? [
          path.join(tree, unit, 'errored.tfstate'),
          ...(kept.length === 0 ? [path.join(keptStatesFolder(work, unit), 'errored.tfstate')] : kept),
          ...(project === undefined ? [] : [path.join(project, 'cdktf.out', 'stacks', stackIdOf(unit), 'errored.tfstate')]),
        ]
      : [file];
  const shown = (one: string): string => path.relative(process.cwd(), one);
  const [chosen, second] = places.filter((one) => existsSync(one));
  if (chosen === undefined)
    throw new TerraceError({
      code: 'E4518',
      title: 'no errored.tfstate',
      place: unit,
      found: `none of ${places.map(shown).join(', ')}`,
      expected: 'the file that terraform left when it could not write its state',
      todo: 'name it with --file; terragrunt leaves it under .terragrunt-cache',
    });
  if (second !== undefined)
    throw new TerraceError({
      code: 'E4519',
      title: 'several unsaved states',
      place: unit,
      found: places
        .filter((one) => existsSync(one))
        .map(shown)
        .join(', '),
      expected: 'one of them',
      todo: 'compare their serials, and name the one to keep with --file',
    });
  if (statSync(chosen).size === 0)
    throw new TerraceError({
      code: 'E4520',
      title: 'empty unsaved state',
      place: shown(chosen),
      found: '0 bytes: the disk was full when terraform wrote it',
      expected: 'a state',
      todo: 'as a last resort, terraform printed the state: save that JSON from the log to a file, and name it with --file',
    });
  return chosen;
}
