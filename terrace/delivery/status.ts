import type { Model, UnitModel } from '../model/model';

import type { Tree } from './affected/compare';
import { inspectUnits, type InspectedUnit } from './applying/inspect-units';
import { orphansOf, type Orphan } from './applying/orphans';
import type { DeliveryContext } from './running/context';

export type UnitStatus = 'current' | 'behind' | 'never applied' | 'interrupted' | 'failed' | 'unknown';

/** What `terrace status --json` prints of one unit. */
export interface StatusUnit {
  readonly unit: string;
  readonly status: UnitStatus;
  readonly reasons: readonly string[];
  /** Commit that was applied last. */
  readonly commit: string | null;
  /** ISO 8601; null where there is no record. */
  readonly at: string | null;
  /** Who holds the lock: `who, operation, id`; null where nobody does. */
  readonly lock: { readonly who: string; readonly operation: string; readonly id: string } | null;
}

export interface StatusReport {
  readonly version: 1;
  readonly units: readonly StatusUnit[];
  /** Units that have to be planned, by dependency wave. */
  readonly pending: readonly { readonly wave: number; readonly units: readonly string[] }[];
  readonly orphans: readonly Pick<Orphan, 'unit' | 'bucket' | 'key'>[];
}

/**
 * Where an environment stands: units behind their source or their upstreams, waves that are pending, applies that were interrupted, states
 * without a unit. Writes nothing. `environments` names those that the tree holds whole; only there orphans are looked for.
 */
export async function statusOf(
  context: DeliveryContext,
  model: Model,
  tree: Pick<Tree, 'files'>,
  units: readonly UnitModel[],
  environments: readonly string[],
): Promise<StatusReport> {
  const [inspected, orphans] = await Promise.all([inspectUnits(context, model, tree, units), orphansOf(context, model, environments)]);
  const waves = new Map<number, string[]>();
  for (const one of inspected) if (one.reasons.length > 0) waves.set(one.unit.wave, [...(waves.get(one.unit.wave) ?? []), one.unit.path]);
  return {
    version: 1,
    units: inspected.map(statusUnit),
    pending: [...waves].toSorted(([a], [b]) => a - b).map(([wave, paths]) => ({ wave, units: paths })),
    orphans: orphans.map(({ unit, bucket, key }) => ({ unit, bucket, key })),
  };
}

function statusUnit(one: InspectedUnit): StatusUnit {
  return {
    unit: one.unit.path,
    status: statusWord(one),
    reasons: one.problems.length > 0 ? one.problems.map((problem) => `${problem.code} ${problem.found.split('\n')[0] ?? ''}`) : one.reasons,
    commit: one.record?.commit ?? null,
    at: one.record?.at ?? null,
    lock: one.holder === undefined ? null : { who: one.holder.who, operation: one.holder.operation, id: one.holder.id },
  };
}

function statusWord(one: InspectedUnit): UnitStatus {
  if (one.problems.length > 0) return 'unknown';
  if (one.record?.status === 'applying') return 'interrupted';
  if (one.record?.status === 'failed') return 'failed';
  if (one.reasons.length === 0) return 'current';
  return one.state === undefined && one.record === undefined ? 'never applied' : 'behind';
}
