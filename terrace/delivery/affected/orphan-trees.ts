import type { EnvironmentModel, Model, SystemModel } from '../../model/model';
import { TerraceError } from '../../base/errors';
import type { Orphan } from '../inspection/orphans';

import { treeOfCommit } from './commit-trees';
import { type Tree, loadTree } from '../tree/load-tree';
import type { Repository } from '../../git/repository';

/**
 * The trees that orphans were applied from, as one: their files are what they are destroyed with. Each is taken from the commit that its
 * record names; one whose commit is not named, not in this clone or does not synthesize is not in it. Undefined where none is.
 */
export async function treeOfOrphans(repository: Repository, orphans: readonly Orphan[], includePlanned = false): Promise<Tree | undefined> {
  const byCommit = new Map<string, string[]>();
  for (const { unit, record, movesTo } of orphans) {
    const commit = record?.commit ?? undefined;
    if (commit === undefined || movesTo !== undefined || !repository.has(commit)) continue;
    byCommit.set(commit, [...(byCommit.get(commit) ?? []), unit]);
  }
  const trees: Tree[] = [];
  for (const [commit, units] of byCommit) {
    try {
      trees.push(partOfTree(loadTree(await treeOfCommit(repository, commit, includePlanned)), units));
    } catch (error) {
      if (!(error instanceof TerraceError)) throw error;
    }
  }
  return trees.length === 0 ? undefined : joinTrees(trees);
}

/** A tree with some of its units only; how their environments are reached stays. Pure. */
function partOfTree({ model, files }: Tree, units: readonly string[]): Tree {
  const wanted = new Set(units);
  return {
    model: { ...model, units: model.units.filter((unit) => wanted.has(unit.path)) },
    files: new Map([...files].filter(([unit]) => wanted.has(unit))),
  };
}

/** Trees that share no unit as one tree; where they name an environment differently, the first counts. Pure. */
export function joinTrees([first, ...rest]: readonly Tree[]): Tree | undefined {
  if (first === undefined) return undefined;
  const all = [first, ...rest];
  const model: Model = {
    ...first.model,
    systems: unique(
      all.flatMap((tree) => tree.model.systems),
      (systems): SystemModel => ({
        ...systems[0],
        environments: unique(
          systems.flatMap((system) => system.environments),
          ([one]): EnvironmentModel => one,
        ),
      }),
    ),
    units: all.flatMap((tree) => tree.model.units).toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  };
  return { model, files: new Map(all.flatMap((tree) => [...tree.files])) };
}

function unique<T extends { readonly name: string }>(values: readonly T[], join: (same: readonly [T, ...T[]]) => T): readonly T[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const value of values) {
    const group = groups.get(value.name);
    if (group === undefined) groups.set(value.name, [value]);
    else group.push(value);
  }
  return [...groups.values()].map(join).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
