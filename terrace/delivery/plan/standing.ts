import { exitCodes, TerraceError, type Problem } from '../../base/errors';
import { renamedText, renamedUnits } from '../../model/renamed-unit';
import type { Remark } from '../bundle/remark';
import { onceForBackend } from '../record/missing-backend';
import { standingOf } from '../inspection/standing';
import { forgottenRemarks } from '../record/forgotten';
import type { History } from '../record/memory';
import type { PlanTarget } from '../target/plan-target';
import type { DeliveryContext } from '../terraform/context';
import { workerOf } from '../terraform/at-work';
import { runInOrder } from '../terraform/pool';

/** What a plan was told about what it remembers. */
export interface MemoryRequest {
  /** What git says; undefined where there is no repository. */
  readonly history?: History;
  /** Leave out what another branch applied, instead of refusing everything. @default false */
  readonly leaveOut?: boolean;
  /** Units whose lost state is given up. @default none */
  readonly startEmpty?: readonly string[];
}

/** The targets that may be planned, and what a reviewer should know of them. */
export interface RememberedTargets {
  readonly targets: readonly PlanTarget[];
  readonly remarks: readonly Remark[];
}

/** How many units are looked at at once; each is a handful of small requests. */
const atOnce = 16;

/**
 * Compares every target with the record of its last apply before the first terraform (G14). Raises all refusals at once (exit 3), except
 * what `request` leaves out or gives up. What cannot be read is said by the unit's own plan.
 */
export async function compareTargets(
  context: DeliveryContext,
  targets: readonly PlanTarget[],
  request: MemoryRequest,
): Promise<RememberedTargets> {
  const tasks = targets.map((target) => ({ path: target.unit.path, after: [], target }));
  const judged = await runInOrder<(typeof tasks)[number], Judged | TerraceError>(tasks, atOnce, async ({ target }) => {
    try {
      return await judge(context, target, request);
    } catch (error) {
      if (error instanceof TerraceError) return error;
      throw error;
    }
  });
  refuseMissingBackends([...judged.values()]);
  const verdicts = [...judged.values()].flatMap((one) => (one instanceof TerraceError ? [] : [one]));
  const problems = verdicts.flatMap((one) => one.problems);
  if (problems.length > 0) throw new TerraceError(problems, exitCodes.refused);
  const excluded = new Set(verdicts.flatMap((one) => one.excluded ?? []));
  return {
    targets: targets.filter(({ unit }) => !excluded.has(unit.path)),
    remarks: [...verdicts.flatMap((one) => one.remarks), ...renamedRemarks(targets, new Set(verdicts.flatMap((one) => one.added ?? [])))],
  };
}

/** What is destroyed although a new unit has the same resources. */
function renamedRemarks(targets: readonly PlanTarget[], added: ReadonlySet<string>): readonly Remark[] {
  const fresh = targets.filter(({ unit, operation }) => operation === 'apply' && added.has(unit.path));
  const renamed = renamedUnits(
    targets.filter(({ operation }) => operation === 'destroy'),
    fresh,
  );
  return fresh.flatMap(({ unit }) => {
    const from = renamed.get(unit.path);
    return from === undefined ? [] : [{ kind: 'unit-renamed' as const, unit: from, text: `${unit.path}: ${renamedText(from, unit)}` }];
  });
}

/** A backend that was never made is said once, before nineteen units say it. */
function refuseMissingBackends(judged: readonly (Judged | TerraceError)[]): void {
  const missing = judged.flatMap((one) => (one instanceof TerraceError ? one.problems.filter(({ code }) => code === 'E4304') : []));
  if (missing.length > 0) throw new TerraceError(onceForBackend(missing).toSorted(byPlace));
}

const byPlace = ({ place: a = '' }: Problem, { place: b = '' }: Problem): number => (a < b ? -1 : 1);

interface Judged {
  readonly problems: TerraceError['problems'];
  readonly remarks: readonly Remark[];
  /** The unit's path where it is left out. */
  readonly excluded?: string;
  /** Its path where it was never applied. */
  readonly added?: string;
}

async function judge(context: DeliveryContext, target: PlanTarget, request: MemoryRequest): Promise<Judged> {
  const { unit, access } = target;
  const env = await context.accounts.environmentFor(unit, access);
  const [record, state] = await Promise.all([context.states.readRecord(unit, env), context.states.read(unit, env)]);
  const begun = record?.status === 'applying' && (record.unfinished ?? []).length > 0;
  const atWork = begun && workerOf(context.work, unit.path, await context.states.holder(unit, env)) !== undefined;
  const { refusals, remarks, foreign } = await standingOf(context, target, { record, state, isAtWork: atWork }, request.history);
  if (foreign !== undefined && request.leaveOut === true) {
    const text = `it was applied from ${foreign.slice(0, 12)}, which is not in this branch, so it stays as it is`;
    return { problems: [], remarks: [{ kind: 'unit-excluded', unit: unit.path, text }], excluded: unit.path };
  }
  const forgotten = forgottenRemarks(unit.path, record);
  const lost = refusals.find(({ code }) => code === 'E6051');
  if (lost !== undefined && state === undefined && request.startEmpty?.includes(unit.path) === true)
    return { problems: [], remarks: [{ kind: 'state-given-up', unit: unit.path, text: lost.found }, ...forgotten] };
  const isNew = record === undefined && state === undefined;
  return { problems: refusals, remarks: [...remarks, ...forgotten], ...(isNew ? { added: unit.path } : {}) };
}
