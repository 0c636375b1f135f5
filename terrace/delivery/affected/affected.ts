import type { Model } from '../../model/model';
import { excludedEnvironments } from '../../model/planned';
import { TerraceError } from '../../base/errors';
import type { InspectedUnit } from '../inspection/inspect-units';
import type { Orphan } from '../inspection/orphans';

import { compareTrees, everything, flag, neededBy, withDependents, type AffectedUnit } from './compare';
import { type Tree, loadTree } from '../tree/load-tree';
import { treeOfCommit } from './commit-trees';
import type { Repository } from '../../git/repository';
import { sideOf, type SourceLines } from './source-lines';
import { withSourceLines, withValues } from './sourced-values';
import { infrastructureFolders, systemsOfLockFiles, toolchainFiles } from './watched-files';

/** What `terrace affected --json` prints. */
export interface AffectedReport {
  readonly version: 1;
  /** Commit, or `applied`. */
  readonly base: string;
  /** Commit, or `worktree`. */
  readonly head: string;
  /** What made everything selected; null where the comparison decided. */
  readonly everything: string | null;
  /** Sorted by path. */
  readonly units: readonly AffectedUnit[];
  /** Files that differ between base and head; empty for `applied`. */
  readonly changedFiles: readonly string[];
  /** Planned environments that were left out, sorted; absent where there are none. */
  readonly excluded?: readonly string[];
}

/** A report, with the base's tree, from which deleted units are destroyed. */
export interface Affected {
  readonly report: AffectedReport;
  /** Undefined where the base does not synthesize, or is `applied`. */
  readonly base: Tree | undefined;
}

/** How two commits are compared. */
export interface ComparisonOptions {
  /** With planned environments of the base: the head's tree has its own or not. @default false */
  readonly includePlanned?: boolean;
  /** Says which lines of the source decide values. @default nobody does */
  readonly lines?: SourceLines;
}

/**
 * What a change affects, by comparing the synthesized trees of two commits. Selects everything where the toolchain or a lock file changed and
 * where the base does not synthesize, and says so.
 */
export async function affectedSince(
  repository: Repository,
  base: string,
  head: Tree,
  headName: string,
  { includePlanned = false, lines }: ComparisonOptions = {},
): Promise<Affected> {
  const headCommit = headName === 'worktree' ? undefined : headName;
  const changedFiles = repository.changedFiles(base, headCommit);
  const report = async (units: readonly AffectedUnit[], reason: string | null, tree: Tree | undefined): Promise<Affected> => {
    const valued = tree === undefined ? units : withValues(units, tree, head);
    const sources = {
      base: sideOf(repository, base),
      head: sideOf(repository, headCommit),
      differing: lines === undefined ? [] : repository.changedLines(base, headCommit, infrastructureFolders),
      includePlanned,
    };
    const shown = lines === undefined || tree === undefined ? valued : await withSourceLines(valued, { ...sources, lines });
    return {
      report: { version: 1, base, head: headName, everything: reason, units: shown, changedFiles, ...excludedOf(head.model) },
      base: tree,
    };
  };
  let tree: Tree;
  try {
    tree = loadTree(await treeOfCommit(repository, base, includePlanned));
  } catch (error) {
    if (!(error instanceof TerraceError)) throw error;
    const reason = `the base ${base.slice(0, 12)} does not synthesize: ${error.problems[0]?.found.split('\n')[0] ?? ''}`;
    return report(everything(reason, undefined, head), reason, undefined);
  }
  const toolchain = toolchainFiles(changedFiles);
  if (toolchain.length === 0) return report(compareTrees(tree, head), null, tree);
  const reason = `${toolchain.slice(0, 3).join(', ')}${toolchain.length > 3 ? ` and ${toolchain.length - 3} more` : ''} changed`;
  const systems = systemsOfLockFiles(toolchain);
  return report(systems === undefined ? everything(reason, tree, head) : ofSystems(systems, reason, tree, head), reason, tree);
}

/** What differs, and everything of the systems whose providers changed. */
function ofSystems(systems: readonly string[], reason: string, base: Tree, head: Tree): readonly AffectedUnit[] {
  const concerned = (unit: string): boolean => systems.some((system) => unit.startsWith(`${system}/`));
  const compared = compareTrees(base, head).filter((unit) => !concerned(unit.unit));
  const all = everything(reason, base, head).filter((unit) => concerned(unit.unit));
  return [...compared, ...all].toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
}

/**
 * What differs from what was applied last, as a report, with everything downstream. `units` are those that were looked at; of the orphans
 * those that only wait to be moved are left out: their units say so, and nothing of them may be destroyed. Pure.
 */
export function affectedByRecords(model: Model, inspected: readonly InspectedUnit[], orphans: readonly Orphan[]): AffectedReport {
  const direct = inspected.flatMap(({ unit, reasons, movesFrom }): readonly AffectedUnit[] => {
    if (reasons.length === 0) return [];
    const known = { unit: unit.path, operation: 'apply', reasons, ...flag(unit) } as const;
    return [movesFrom === undefined ? { ...known, change: 'unapplied' } : { ...known, change: 'moved', from: movesFrom }];
  });
  const records = [...inspected, ...orphans].flatMap(({ record }) => record ?? []);
  const destroyed = orphans
    .filter((orphan) => orphan.movesTo === undefined)
    .map(({ unit, record }): AffectedUnit => {
      const applied = record?.commit == null ? '' : ` (applied at ${record.commit.slice(0, 12)})`;
      return {
        unit,
        change: 'deleted',
        operation: 'destroy',
        reasons: [`it has a state${applied} and is no longer in the source`],
        ...neededBy(
          records.filter((one) => one.status === 'applied' && one.consumed.some((input) => input.unit === unit)).map((one) => one.unit),
        ),
      };
    });
  const units = [...withDependents(direct, model), ...destroyed].toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
  return { version: 1, base: 'applied', head: 'worktree', everything: null, units, changedFiles: [], ...excludedOf(model) };
}

function excludedOf(model: Model): Pick<AffectedReport, 'excluded'> {
  const excluded = excludedEnvironments(model);
  return excluded.length === 0 ? {} : { excluded };
}
