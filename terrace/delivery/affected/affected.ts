import type { Model } from '../../model/model';
import { excludedEnvironments } from '../../model/planned';
import { TerraceError } from '../../base/errors';
import type { InspectedUnit } from '../inspection/inspect-units';
import type { Orphan } from '../inspection/orphans';

import { compareTrees, everything, flag, neededBy, withDependents, type AffectedUnit } from './compare';
import { type Tree, loadTree } from '../tree/load-tree';
import { treeOfCommit } from './commit-trees';
import type { Repository } from '../../git/repository';
import type { ChangedLine } from '../../git/changed-lines';
import { changedEntry, changedSource } from './changed-source';
import { valueChanges } from './value-changes';
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

/**
 * What a change affects, by comparing the synthesized trees of two commits. Selects everything where the toolchain or a lock file changed and
 * where the base does not synthesize, and says so. `includePlanned` is for the base: the head's tree has its planned environments or not.
 */
export async function affectedSince(
  repository: Repository,
  base: string,
  head: Tree,
  headName: string,
  includePlanned = false,
): Promise<Affected> {
  const headCommit = headName === 'worktree' ? undefined : headName;
  const changedFiles = repository.changedFiles(base, headCommit);
  let tree: Tree | undefined;
  const report = (units: readonly AffectedUnit[], reason: string | null): AffectedReport => ({
    version: 1,
    base,
    head: headName,
    everything: reason,
    units: tree === undefined ? units : withValues(units, tree, head, repository.changedLines(base, headCommit, infrastructureFolders)),
    changedFiles,
    ...excludedOf(head.model),
  });
  try {
    tree = loadTree(await treeOfCommit(repository, base, includePlanned));
  } catch (error) {
    if (!(error instanceof TerraceError)) throw error;
    const reason = `the base ${base.slice(0, 12)} does not synthesize: ${error.problems[0]?.found.split('\n')[0] ?? ''}`;
    return { report: report(everything(reason, undefined, head), reason), base: undefined };
  }
  const toolchain = toolchainFiles(changedFiles);
  if (toolchain.length === 0) return { report: report(compareTrees(tree, head), null), base: tree };
  const reason = `${toolchain.slice(0, 3).join(', ')}${toolchain.length > 3 ? ` and ${toolchain.length - 3} more` : ''} changed`;
  const systems = systemsOfLockFiles(toolchain);
  if (systems === undefined) return { report: report(everything(reason, tree, head), reason), base: tree };
  return { report: report(ofSystems(systems, reason, tree, head), reason), base: tree };
}

/** Units with what their JSON holds instead of what, and the lines of the source that say so. Pure. */
export function withValues(units: readonly AffectedUnit[], base: Tree, head: Tree, lines: readonly ChangedLine[]): readonly AffectedUnit[] {
  const models = new Map([...base.model.units, ...head.model.units].map((unit) => [unit.path, unit]));
  return units.map((one) => {
    const unit = models.get(one.unit);
    if (unit === undefined) return one;
    const entry = one.change === 'added' || one.change === 'deleted' ? changedEntry(lines, unit) : undefined;
    const [before, after] = [base.files.get(one.from ?? one.unit), head.files.get(one.unit)];
    const sourceOf = changedSource(lines, unit, head.model);
    const values =
      before === undefined || after === undefined
        ? []
        : valueChanges(before, after).map((change) => {
            const source = sourceOf(change);
            return source === undefined ? change : { ...change, source };
          });
    return { ...one, ...(entry === undefined ? {} : { source: entry }), ...(values.length === 0 ? {} : { values }) };
  });
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
