import { exitCodes, type ExitCode, type Problem, worstOf } from '../../base/errors';
import type { Model, UnitModel } from '../../model/model';

import type { Tree } from '../tree/load-tree';
import { inspectUnits, type InspectedUnit } from '../inspection/inspect-units';
import { orphansOf, type Orphan } from '../inspection/orphans';
import type { History } from '../record/memory';
import type { DeliveryContext } from '../terraform/context';
import { sweepWorkspaces } from '../terraform/workspace';

export type UnitStatus =
  | 'current'
  | 'behind'
  | 'never applied'
  | 'not moved'
  | 'state lost'
  | 'state not uploaded'
  | 'outcome unknown'
  | 'other branch'
  | 'applying'
  | 'interrupted'
  | 'failed'
  | 'unknown';

/** What `terrace status --json` prints of one unit. */
export interface StatusUnit {
  readonly unit: string;
  readonly status: UnitStatus;
  readonly reasons: readonly string[];
  /** What else there is to know, such as that another tool wrote its state. */
  readonly notes: readonly string[];
  /** Commit that was applied last. */
  readonly commit: string | null;
  /** ISO 8601; null where there is no record. */
  readonly at: string | null;
  /** Who holds the lock: `who, operation, id`; null where nobody does. */
  readonly lock: { readonly who: string; readonly operation: string; readonly id: string } | null;
  /** True for a unit of an environment that is described and not built yet. */
  readonly planned?: true;
}

export interface StatusReport {
  readonly version: 1;
  readonly units: readonly StatusUnit[];
  /** Units that have to be planned, by dependency wave. */
  readonly pending: readonly { readonly wave: number; readonly units: readonly string[] }[];
  readonly orphans: readonly Pick<Orphan, 'unit' | 'bucket' | 'key' | 'movesTo'>[];
  /** Planned environments that were left out, sorted; absent where there are none. */
  readonly excluded?: readonly string[];
  /** 3 where a plan would be refused: what was interrupted, and what was not moved; else that of what could not be looked at. Not printed. */
  readonly exitCode: ExitCode;
}

/**
 * Where an environment stands: units behind their source or their upstreams, waves that are pending, applies that were interrupted, states
 * without a unit, states that wait to be moved. Writes no state and no record. `model` holds every unit of its systems, `isSelected` says which paths are meant.
 */
export async function statusOf(
  context: DeliveryContext,
  model: Model,
  tree: Pick<Tree, 'files'>,
  units: readonly UnitModel[],
  isSelected: (path: string) => boolean,
  history?: History,
): Promise<StatusReport> {
  sweepWorkspaces(context.work);
  const [inspected, orphans] = await Promise.all([
    inspectUnits(context, model, tree, units, history),
    orphansOf(context, model, isSelected),
  ]);
  const waves = new Map<number, string[]>();
  for (const one of inspected) if (one.reasons.length > 0) waves.set(one.unit.wave, [...(waves.get(one.unit.wave) ?? []), one.unit.path]);
  const told = new Set(inspected.flatMap((one) => one.movesFrom ?? []));
  const found = inspected.map(statusUnit);
  return {
    version: 1,
    units: found,
    pending: [...waves].toSorted(([a], [b]) => a - b).map(([wave, paths]) => ({ wave, units: paths })),
    orphans: orphans
      .filter((orphan) => !told.has(orphan.unit))
      .map(({ unit, bucket, key, movesTo }) => ({ unit, bucket, key, ...(movesTo === undefined ? {} : { movesTo }) })),
    exitCode: exitCodeOf(found, inspected),
  };
}

function exitCodeOf(units: readonly StatusUnit[], inspected: readonly InspectedUnit[]): ExitCode {
  if (
    units.some((unit) => unit.status === 'interrupted') ||
    inspected.some((one) => one.movesFrom !== undefined || one.refusals.length > 0)
  )
    return exitCodes.refused;
  return worstOf(inspected.flatMap(({ exitCode }) => (exitCode === exitCodes.done ? [] : [exitCode])));
}

function statusUnit(one: InspectedUnit): StatusUnit {
  return {
    unit: one.unit.path,
    status: statusWord(one),
    reasons: reasonsOf(one),
    notes: one.notes,
    commit: one.record?.commit ?? null,
    at: one.record?.at ?? null,
    lock: one.holder === undefined ? null : { who: one.holder.who, operation: one.holder.operation, id: one.holder.id },
    ...(one.unit.planned === true ? { planned: true } : {}),
  };
}

/** Why it is as it is; what a plan refuses comes with the command that mends it. */
function reasonsOf(one: InspectedUnit): readonly string[] {
  if (one.problems.length > 0) return one.problems.map((problem) => withTodo({ ...problem, found: problem.found.split('\n')[0] ?? '' }));
  if (one.record?.status === 'applying' && one.worker !== undefined) return [`it is being applied right now: ${one.worker}`];
  if (one.refusals.length > 0) return one.refusals.map(withTodo);
  return one.reasons;
}

function withTodo({ code, found, todo }: Problem): string {
  return `${code} ${found}; ${todo.split('\n')[0] ?? ''}`;
}

function statusWord(one: InspectedUnit): UnitStatus {
  if (one.problems.length > 0) return 'unknown';
  if (one.movesFrom !== undefined || one.refusals.some(({ code }) => code === 'E6041')) return 'not moved';
  if (one.refusals.some(({ code }) => code === 'E6052')) return 'other branch';
  if (one.refusals.some(({ code }) => code === 'E6053')) return 'state not uploaded';
  if (one.refusals.some(({ code }) => code === 'E6054')) return 'outcome unknown';
  if (one.refusals.length > 0) return 'state lost';
  if (one.record?.status === 'applying') return one.worker === undefined ? 'interrupted' : 'applying';
  if (one.record?.status === 'failed') return 'failed';
  if (one.reasons.length === 0) return 'current';
  return one.state === undefined && one.record === undefined ? 'never applied' : 'behind';
}
