import { contentDigest } from '../../model/content-digest';
import type { Model, UnitModel } from '../../model/model';
import type { Repository } from '../../git/repository';
import { TerraceError } from '../../base/errors';
import { placeChanges } from '../accepted/former-places';
import type { EarlierUnit, History } from '../record/memory';
import { loadTree, type Tree } from '../tree/load-tree';

import { treeOfCommit } from './commit-trees';
import { infrastructureFolders } from './watched-files';

/** Commits that are synthesized at most to look for a unit's files, or for the place where its state was. */
const mostCommits = 12;
/** What decides where a state lies, in a source whose facts tell it too: account, prefix, region. */
const places = '[0-9]{12}|keyPrefix|stateRegion|awsRegion';
/** The same where no facts tell which bucket it was. */
const placesWithoutFacts = `${places}|[bB]ucket`;

/** What a repository says of applied commits, seen from `head`; its commits are synthesized only where nothing else can tell. */
export function historyOf(repository: Repository, head: string, isDirty: boolean): History {
  const changing = new Map<string, readonly string[]>();
  const changesOf = (what: string): readonly string[] => {
    const commits = changing.get(what) ?? repository.commitsOf(head, infrastructureFolders, mostCommits, what);
    changing.set(what, commits);
    return commits;
  };
  const trees = new Map<string, Promise<Tree | undefined>>();
  const treeOf = (commit: string): Promise<Tree | undefined> => {
    const known = trees.get(commit) ?? treeOrNone(repository, commit);
    trees.set(commit, known);
    return known;
  };
  const byFacts = new Map<string, ReturnType<typeof placeChanges>>();
  const changesByFacts = (environment: string): ReturnType<typeof placeChanges> => {
    const known = byFacts.get(environment) ?? placeChanges(repository, head, environment);
    byFacts.set(environment, known);
    return known;
  };
  /**
   * The unit as a commit has it; where that has none of it but kept the environment's states elsewhere, as the last one before that had it: who
   * takes a unit away, moves the bucket and brings the unit back has left its state behind.
   */
  const lastWith = async (unit: UnitModel, before: string): Promise<EarlierUnit | undefined> => {
    const model = (await treeOf(before))?.model;
    const isElsewhere = model === undefined ? false : keptElsewhere(model, unit);
    for (const commit of isElsewhere ? [before, ...repository.commitsOf(before, infrastructureFolders, mostCommits)] : [before]) {
      const tree = (await treeOf(commit))?.model;
      const found = tree?.units.find(({ path }) => path === unit.path);
      if (tree !== undefined && found !== undefined) return { commit, unit: found, model: tree };
    }
    return undefined;
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
      const told = await changesByFacts(`${unit.system}/${unit.environment}`);
      const changes = changesOf(told === undefined ? placesWithoutFacts : places);
      const before = [...new Set([...(told ?? []), ...changes])].map((commit) => `${commit}^`);
      for (const name of [...(isDirty ? [head] : []), ...before]) {
        const at = commitOrNone(repository, name);
        const had = at === undefined ? undefined : await lastWith(unit, at);
        if (had === undefined) continue;
        const { commit, unit: earlier, model } = had;
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

/** Whether states of a unit's environment and region have, in a model, another bucket or another form of keys. */
function keptElsewhere({ units }: Model, { system, environment, region, backend }: UnitModel): boolean {
  return units.some(
    (one) =>
      one.system === system &&
      one.environment === environment &&
      one.region === region &&
      (one.backend.bucket !== backend.bucket || one.backend.keyTemplate !== backend.keyTemplate),
  );
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
