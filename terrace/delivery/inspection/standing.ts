import { TerraceError, type Problem } from '../../base/errors';
import { contentDigest } from '../../model/content-digest';
import { moveCommand } from '../../model/moved-unit';
import { stateUrl } from '../../state/state-access';
import type { Remark } from '../bundle/remark';
import { problem } from '../problems';
import { keptStateProblems } from '../record/kept-states';
import { unfinishedOf, unfinishedProblems } from '../record/unfinished';
import { readUnfinished } from '../record/unfinished-notes';
import { behindProblem, compareWithRecord, notInBranch, type EarlierUnit, type History } from '../record/memory';
import type { AppliedRecord } from '../record/record';
import type { StateObject } from '../record/states';
import { holdsResources } from '../target/moved-state';
import { accessOf, type PlanTarget } from '../target/plan-target';
import type { DeliveryContext } from '../terraform/context';

/** What stands at a unit's place. */
export interface StandingUnit {
  readonly record: AppliedRecord | undefined;
  readonly state: StateObject | undefined;
  /** True while an apply of it is at work: what it makes is not lost. */
  readonly isAtWork: boolean;
}

/** A unit compared with what was applied last. */
export interface Standing {
  /** Why it must not be planned; empty where it may. */
  readonly refusals: readonly Problem[];
  readonly remarks: readonly Remark[];
  /** Commit that another branch applied it from; undefined where this one has it. */
  readonly foreign: string | undefined;
}

const nothing: Standing = { refusals: [], remarks: [], foreign: undefined };

/**
 * The one comparison with the record (G14): E6041 for a state that stands where an earlier commit kept it, E6051 for one that is gone, older
 * or another, E6052 for what another branch applied, E6053 for one that was not uploaded, E6054 for what terraform had begun when it died; a remark for one that another tool wrote since, and
 * for an apply that never ended.
 */
export async function standingOf(
  context: Pick<DeliveryContext, 'accounts' | 'states' | 'work'>,
  target: Pick<PlanTarget, 'unit' | 'files' | 'operation'>,
  { record, state, isAtWork }: StandingUnit,
  history: History | undefined,
): Promise<Standing> {
  const { path } = target.unit;
  const kept = keptStateProblems(context.work, path);
  if (kept.length > 0) return { ...nothing, refusals: kept };
  const open = isAtWork ? [] : unfinishedOf(readUnfinished(context.work, path), record, state?.text);
  const unfinished = unfinishedProblems(path, open);
  if (unfinished.length > 0) return { ...nothing, refusals: unfinished };
  const digest = target.operation === 'apply' ? contentDigest(target.files) : undefined;
  const foreign = await notInBranch(path, digest, record, history);
  if (foreign !== undefined) return { ...nothing, refusals: behindProblem(path, foreign, history?.branchOf(foreign)), foreign };
  if (record === undefined && state === undefined && target.operation === 'apply')
    return { ...nothing, refusals: await elsewhere(context, target, history) };
  const remembered = compareWithRecord(path, record, state);
  if (remembered.kind === 'lost') return { ...nothing, refusals: [remembered.problem] };
  const remarks: Remark[] = record?.status === 'applying' ? [interrupted(path, record)] : [];
  if (remembered.kind === 'newer') remarks.push({ kind: 'written-by-another-tool', unit: path, text: remembered.text });
  return { ...nothing, remarks };
}

/** What a reviewer should know of a unit whose last apply never ended. */
function interrupted(unit: string, record: AppliedRecord): Remark {
  const text = `an apply of bundle ${record.bundle.slice(0, 12)} began at ${record.at} and never ended`;
  return { kind: 'apply-interrupted', unit, text };
}

/** A state of the unit that stands where an earlier commit kept it: after a change of account, bucket or prefix. */
async function elsewhere(
  { accounts, states }: Pick<DeliveryContext, 'accounts' | 'states'>,
  { unit }: Pick<PlanTarget, 'unit'>,
  history: History | undefined,
): Promise<readonly Problem[]> {
  for (const earlier of (await history?.earlierPlaces(unit)) ?? []) {
    const stands = await standsAt({ accounts, states }, earlier);
    if (stands === false) continue;
    if (stands !== true) return stands;
    return [
      problem('E6041', {
        place: unit.path,
        found: `its state moved from ${stateUrl(earlier.unit.backend)} to ${stateUrl(unit.backend)}, where nothing is: everything in it would be created a second time`,
        todo: `move the state, then plan again: ${moveCommand(unit.path, unit.path)} --from-commit ${earlier.commit.slice(0, 12)}`,
      }),
    ];
  }
  return [];
}

/** Whether an earlier place still holds the state; why it could not be looked at, which is no reason to make everything anew. */
async function standsAt(
  { accounts, states }: Pick<DeliveryContext, 'accounts' | 'states'>,
  earlier: EarlierUnit,
): Promise<boolean | readonly Problem[]> {
  try {
    const env = await accounts.environmentFor(earlier.unit, accessOf(earlier.model, earlier.unit));
    return holdsResources(await states.read(earlier.unit, env));
  } catch (error) {
    if (!(error instanceof TerraceError)) throw error;
    return error.problems.every(({ code }) => code === 'E4304') ? false : error.problems;
  }
}
