import { stateBeside } from '../../state/state-beside';
import type { StateTarget } from '../../state/state-access';
import type { Model, UnitModel } from '../../model/model';
import { moveCommand, previousPath } from '../../model/moved-unit';
import { refused } from '../problems';
import type { DeliveryContext } from '../terraform/context';
import type { StateObject } from '../record/states';

import { accessOf, type PlanTarget, type PreviousState } from './plan-target';

/** Where the state of a unit that says it moved stood before; undefined where a unit of the source stands there now. Pure. */
export function previousState(model: Model, unit: UnitModel): PreviousState | undefined {
  const path = previousPath(unit);
  if (path === undefined || path === unit.path || model.units.some((one) => one.path === path)) return undefined;
  const place = stateBeside(model.units, path);
  return place === undefined ? undefined : { ...place, access: accessOf(model, place.beside) };
}

/** True where the state of a moved unit still stands at its old place and there is nothing at the new one. */
export async function isUnmoved(
  { states, accounts }: Pick<DeliveryContext, 'states' | 'accounts'>,
  unit: StateTarget,
  env: NodeJS.ProcessEnv,
  { target, beside, access }: PreviousState,
): Promise<boolean> {
  if (holdsResources(await states.read(unit, env))) return false;
  return holdsResources(await states.read(target, await accounts.environmentFor(beside, access)));
}

/** Refuses a unit whose state waits to be moved: its plan would make everything a second time, or destroy nothing. Raises E6041 (exit 3). */
export async function refuseUnmoved(
  context: DeliveryContext,
  { unit, previous, operation }: PlanTarget,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  if (previous === undefined || !(await isUnmoved(context, unit, env, previous))) return;
  const from = previous.target.path;
  throw refused('E6041', {
    place: unit.path,
    found: `its state still stands at ${from}: ${operation === 'destroy' ? 'nothing of it would be destroyed' : 'everything in it would be made a second time'}`,
    todo: `move the state, then plan again: ${moveCommand(from, unit.path)}`,
  });
}

/** True for a state with anything in it that a plan could make again. */
export function holdsResources(state: StateObject | undefined): boolean {
  if (state === undefined) return false;
  const { resources }: { readonly resources?: readonly unknown[] } = JSON.parse(state.text);
  return resources !== undefined && resources.length > 0;
}
