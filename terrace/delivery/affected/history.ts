import { contentDigest } from '../../model/content-digest';
import type { Repository } from '../../git/repository';
import { TerraceError } from '../../base/errors';
import type { EarlierUnit, History } from '../record/memory';
import { loadTree, type Tree } from '../tree/load-tree';

import { treeOfCommit } from './commit-trees';
import { infrastructureFolders } from './watched-files';

/** Commits that are synthesized at most to look for a unit's files, or for the place where its state was. */
const mostCommits = 12;
/** What decides where a state lies: account, prefix, region. */
const places = '[0-9]{12}|keyPrefix|stateRegion|awsRegion';

/** What a repository says of applied commits, seen from `head`; its commits are synthesized only where nothing else can tell. */
export function historyOf(repository: Repository, head: string, isDirty: boolean): History {
  let changes: readonly string[] | undefined;
  const trees = new Map<string, Promise<Tree | undefined>>();
  const treeOf = (commit: string): Promise<Tree | undefined> => {
    const known = trees.get(commit) ?? treeOrNone(repository, commit);
    trees.set(commit, known);
    return known;
  };
  return {
    includes: (commit) => repository.has(commit) && repository.isAncestor(commit, head),
    branchOf: (commit) => (repository.has(commit) ? repository.branchOf(commit) : undefined),
    had: async (unit, files) => {
      for (const commit of repository.commitsOf(head, infrastructureFolders, mostCommits)) {
        const found = (await treeOf(commit))?.files.get(unit);
        if (found !== undefined && contentDigest(found) === files) return true;
      }
      return false;
    },
    earlierPlaces: async (unit) => {
      const found: EarlierUnit[] = [];
      changes ??= repository.commitsOf(head, infrastructureFolders, mostCommits, places).map((commit) => `${commit}^`);
      for (const name of [...(isDirty ? [head] : []), ...changes]) {
        const commit = commitOrNone(repository, name);
        const model = commit === undefined ? undefined : (await treeOf(commit))?.model;
        const earlier = model?.units.find((one) => one.path === unit.path);
        if (commit === undefined || model === undefined || earlier === undefined) continue;
        const isElsewhere = earlier.backend.bucket !== unit.backend.bucket || earlier.backend.key !== unit.backend.key;
        const isKnown = found.some(
          (one) => one.unit.backend.bucket === earlier.backend.bucket && one.unit.backend.key === earlier.backend.key,
        );
        if (isElsewhere && !isKnown) found.push({ commit, unit: earlier, model });
      }
      return found;
    },
  };
}

function commitOrNone(repository: Repository, name: string): string | undefined {
  try {
    return repository.commitOf(name);
  } catch {
    return undefined;
  }
}

async function treeOrNone(repository: Repository, commit: string): Promise<Tree | undefined> {
  try {
    return loadTree(await treeOfCommit(repository, commit));
  } catch (error) {
    if (error instanceof TerraceError) return undefined;
    throw error;
  }
}
