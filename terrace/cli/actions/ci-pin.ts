import path from 'node:path';

import { exitCodes, TerraceError } from '../../base/errors';
import { pinFile, pinOf, readPin, writePin } from '../../ci/pin';
import { openRepository, type Repository } from '../../git/repository';
import type { CommandContext } from '../command-context';

/**
 * `terrace ci pin`. Raises E0507 outside a repository and for a commit that the protected branch does not have, E0505 where its program
 * cannot be built, E0506 with `--check` where nothing is pinned.
 */
export async function runPin(context: CommandContext, name: string | undefined, check: boolean): Promise<void> {
  const root = context.project();
  const repository = openRepository(root);
  if (repository === undefined || path.resolve(repository.root) !== path.resolve(root))
    throw unpinnable(root, 'it is not the root folder of a git repository', 'run it in the folder that contains .git and .github');
  const branch = repository.remoteBranch() ?? 'HEAD';
  if (check) return await compare(repository, root, branch);
  const commit = ofBranch(repository, name ?? branch, branch);
  const pin = await pinOf(repository, commit);
  writePin(root, pin);
  process.stdout.write(`${pinFile}: the program of ${commit.slice(0, 12)} is ${pin.sha256}\n`);
}

async function compare(repository: Repository, root: string, branch: string): Promise<void> {
  const pin = readPin(root);
  if (pin === undefined)
    throw new TerraceError({
      code: 'E0506',
      title: 'pipeline is not set up',
      place: pinFile,
      found: 'no program is pinned to plan and apply with',
      todo: 'run `terrace ci pin`, then commit the file',
    });
  const { sha256 } = await pinOf(repository, ofBranch(repository, pin.commit, branch));
  const isSame = sha256 === pin.sha256;
  process.stdout.write(
    `${pinFile}: the program of ${pin.commit.slice(0, 12)} is ${isSame ? 'what it builds' : `not ${pin.sha256}, it builds ${sha256}`}\n`,
  );
  if (!isSame) process.exitCode = exitCodes.failed;
}

/** The commit that a name means, if the protected branch has it. */
function ofBranch(repository: Repository, name: string, branch: string): string {
  const commit = repository.commitOf(name);
  if (repository.isAncestor(commit, repository.commitOf(branch))) return commit;
  throw unpinnable(
    commit,
    `it is not on ${branch.replace(/^refs\/remotes\//, '')}`,
    'merge it first: pipelines refuse programs built from any other branch',
  );
}

function unpinnable(place: string, found: string, todo: string): TerraceError {
  return new TerraceError({ code: 'E0507', title: 'commit cannot be pinned', place, found, todo });
}
