import type { Problem } from '../../base/errors';
import { isNoOp } from '../../terraform/action-counts';
import type { PlanChange, PlanJson } from '../../terraform/plan-json';
import { problem } from '../problems';
import type { StateObject } from '../record/states';
import type { DeliveryContext } from '../terraform/context';
import type { Workspace } from '../terraform/workspace';

import type { OpenedUnit } from './open-bundle';

/**
 * Whether a plan that was applied leaves another state than before: `always`, `seldom not` (a provider can give what it is asked to update, or
 * the resource that takes another's place, back as it was), or `not` where it changes nothing that a state holds.
 */
export type Moves = 'always' | 'seldom not' | 'not';

/** What applying a plan does to the state. Pure. */
export function movesState(plan: PlanJson): Moves {
  const resources = (plan.resource_changes ?? []).filter(({ mode }) => mode === 'managed');
  const changes = resources.filter(({ change }) => !isNoOp(change.actions));
  const outputs = Object.values(plan.output_changes ?? {}).filter(({ actions }) => !isNoOp(actions));
  const isMoved = resources.some(
    ({ address, previous_address: previous, change }) =>
      (previous !== undefined && previous !== address) || (change.importing !== undefined && change.importing !== null),
  );
  if (isMoved || changes.some(({ change }) => comesOrGoes(change)) || outputs.some(isKnownOtherwise)) return 'always';
  return changes.length > 0 || outputs.length > 0 ? 'seldom not' : 'not';
}

const comesOrGoes = ({ actions }: PlanChange): boolean =>
  actions.length === 1 && ['create', 'delete', 'forget'].some((action) => action === actions[0]);

const isKnownOtherwise = ({ actions, after_unknown: unknown }: PlanChange): boolean => !actions.includes('update') || unknown === false;

/**
 * Why a state that did not change was not stored: an upload can be answered by something on the way and never happen. Where the provider may have
 * given back what stood there already, terraform looks at what exists: only where that differs from the state was an upload lost. Gives E6091.
 */
export async function unmovedProblems(
  context: DeliveryContext,
  { entry, plan }: OpenedUnit,
  { workspace, env }: { readonly workspace: Workspace; readonly env: NodeJS.ProcessEnv },
  { before, after }: { readonly before: StateObject | undefined; readonly after: StateObject | undefined },
): Promise<readonly Problem[]> {
  if (before?.text !== after?.text) return [];
  const moves = movesState(plan);
  if (moves === 'not') return [];
  if (moves === 'always') return [notStored(entry.unit.path)];
  const { exitCode } = await context.run({
    cwd: workspace.folder,
    env,
    signal: context.signal,
    args: ['plan', '-refresh-only', '-input=false', '-no-color', '-lock=false', '-detailed-exitcode'],
  });
  return exitCode === 2 ? [notStored(entry.unit.path)] : [];
}

/** The state of a unit is the one from before although terraform ended with success. */
function notStored(unit: string): Problem {
  return problem('E6091', {
    place: unit,
    found: 'terraform succeeded, but its state is byte for byte the one from before: something answered the upload and did not store it',
    todo: [
      'find what answers between this machine and S3, then plan and apply again',
      'terraform reads what exists, so nothing is made or removed twice',
      'if that plan has no changes, run `terraform apply -refresh-only` in the folder of the unit: it brings the state up to date',
    ].join('\n'),
  });
}
