import { TerraceError } from '../../base/errors';
import type { Repository } from '../../git/repository';
import { contentDigest } from '../../model/content-digest';
import type { AppliedRecord } from '../record/record';
import { loadTree, type Tree } from '../tree/load-tree';

import { treeOfCommit } from './commit-trees';
import type { AffectedUnit } from './compare';
import { sideOf, type SourceLines, type SourceSide } from './source-lines';
import { withSourceLines, withValues } from './sourced-values';
import { infrastructureFolders } from './watched-files';

/** Commits that are synthesized at most: those of which the most units were applied. */
const mostCommits = 6;

/** How the values are found. */
export interface AppliedSources {
  readonly lines: SourceLines;
  readonly includePlanned: boolean;
  readonly head: SourceSide;
}

/**
 * Units with what their JSON holds instead of what was applied, by the commits that their records name. One that was applied from a changed work
 * tree, or from a commit that this clone lacks or that does not synthesize, has no values: nobody knows what they were.
 */
export async function appliedValues(
  units: readonly AffectedUnit[],
  records: ReadonlyMap<string, AppliedRecord>,
  head: Tree,
  repository: Repository,
  { lines, includePlanned, head: side }: AppliedSources,
): Promise<readonly AffectedUnit[]> {
  const byCommit = new Map<string, AffectedUnit[]>();
  for (const unit of units) {
    const { commit = null, status, files } = records.get(unit.unit) ?? {};
    const now = head.files.get(unit.unit);
    if (commit === null || status === 'destroyed' || now === undefined || contentDigest(now) === files || !repository.has(commit)) continue;
    byCommit.set(commit, [...(byCommit.get(commit) ?? []), unit]);
  }
  const found = new Map<string, AffectedUnit>();
  for (const [commit, changed] of [...byCommit].toSorted(([, a], [, b]) => b.length - a.length).slice(0, mostCommits)) {
    const base = await treeOrNone(repository, commit, includePlanned);
    if (base === undefined) continue;
    const applied = changed.filter(({ unit }) => contentDigest(base.files.get(unit) ?? new Map()) === records.get(unit)?.files);
    const differing = repository.changedLines(commit, undefined, infrastructureFolders);
    const sources = { base: sideOf(repository, commit), head: side, differing, lines, includePlanned };
    for (const unit of await withSourceLines(withValues(applied, base, head), sources)) found.set(unit.unit, unit);
  }
  return units.map((unit) => found.get(unit.unit) ?? unit);
}

async function treeOrNone(repository: Repository, commit: string, includePlanned: boolean): Promise<Tree | undefined> {
  try {
    return loadTree(await treeOfCommit(repository, commit, includePlanned));
  } catch (error) {
    if (error instanceof TerraceError) return undefined;
    throw error;
  }
}
