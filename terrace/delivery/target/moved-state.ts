import { stateBeside } from '../../state/state-beside';
import type { StateTarget } from '../../state/state-access';
import type { Model, UnitModel } from '../../model/model';
import { contentDigest, type UnitFiles } from '../../model/content-digest';
import { moveCommand, previousPath } from '../../model/moved-unit';
import { refused } from '../problems';
import type { DeliveryContext } from '../terraform/context';
import type { StateObject } from '../record/states';

import { accessOf, type Claim, type PlanTarget, type PreviousState } from './plan-target';

/** Where the state of a unit that says it moved stood before. A unit of the source may stand there now, itself moved or new. Pure. */
export function previousState(model: Model, unit: UnitModel): PreviousState | undefined {
  const path = previousPath(unit);
  if (path === undefined || path === unit.path) return undefined;
  const taken = model.units.find((one) => one.path === path);
  if (taken !== undefined) return { target: taken, beside: taken, access: accessOf(model, taken) };
  const place = stateBeside(model.units, path);
  return place === undefined ? undefined : { ...place, access: accessOf(model, place.beside) };
}

/** The unit that says its state stood where another unit of the source stands now, as its target; undefined where none does. Pure. */
export function claimOf(model: Model, unit: UnitModel, before: ReadonlySet<string> = new Set()): Claim | undefined {
  const claimant = claimantsIn(model.units).get(unit.path);
  if (claimant === undefined || before.has(claimant.path)) return undefined;
  const next = claimOf(model, claimant, new Set([...before, unit.path]));
  return { unit: claimant, access: accessOf(model, claimant), ...(next === undefined ? {} : { claimed: next }) };
}

const claimants = new WeakMap<readonly UnitModel[], ReadonlyMap<string, UnitModel>>();

/** Units of a model that moved, by the path that they had; found once for each model. */
function claimantsIn(units: readonly UnitModel[]): ReadonlyMap<string, UnitModel> {
  const known = claimants.get(units);
  if (known !== undefined) return known;
  const found = new Map<string, UnitModel>();
  for (const unit of units) {
    const path = previousPath(unit);
    if (path !== undefined && path !== unit.path && !found.has(path)) found.set(path, unit);
  }
  claimants.set(units, found);
  return found;
}

type Reach = Pick<DeliveryContext, 'states' | 'accounts'>;

/** Commands that take states where the source says they belong, in their order; empty where all are in their places. */
export async function movesBefore(
  context: Reach,
  { unit, previous, claimed, files }: Pick<PlanTarget, 'unit' | 'previous' | 'claimed' | 'files'>,
  env: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
  const first = claimed === undefined ? [] : await movesAway(context, unit, claimed, env, files);
  if (previous === undefined) return first;
  const isFree = first.length > 0 || !holdsResources(await context.states.read(unit, env));
  if (!isFree) return first;
  const { target, beside, access } = previous;
  if (!holdsResources(await context.states.read(target, await context.accounts.environmentFor(beside, access)))) return first;
  return [...first, moveCommand(target.path, unit.path)];
}

/** What has to leave a unit's place first: the state of the unit that says it stood there, as long as that one has none of its own. */
async function movesAway(
  context: Reach,
  unit: UnitModel,
  { unit: claimant, access, claimed }: Claim,
  env: NodeJS.ProcessEnv,
  files?: UnitFiles,
): Promise<readonly string[]> {
  const own = await context.accounts.environmentFor(claimant, access);
  const further = claimed === undefined ? [] : await movesAway(context, claimant, claimed, own);
  if (further.length === 0 && holdsResources(await context.states.read(claimant, own))) return [];
  if (!holdsResources(await context.states.read(unit, env))) return [];
  // What was applied here with these very files is this unit's own, however empty the other one is now.
  if (files !== undefined && (await context.states.readRecord(unit, env))?.files === contentDigest(files)) return [];
  return [...further, moveCommand(unit.path, claimant.path)];
}

/** True where the state of a moved unit still stands at its old place and there is nothing at the new one. */
export async function isUnmoved(
  { states, accounts }: Reach,
  unit: StateTarget,
  env: NodeJS.ProcessEnv,
  { target, beside, access }: PreviousState,
): Promise<boolean> {
  if (holdsResources(await states.read(unit, env))) return false;
  return holdsResources(await states.read(target, await accounts.environmentFor(beside, access)));
}

/** Refuses a unit whose state waits to be moved: its plan would make everything a second time, or destroy nothing. Raises E6041 (exit 3). */
export async function refuseUnmoved(context: Reach, target: PlanTarget, env: NodeJS.ProcessEnv): Promise<void> {
  const { unit, previous, operation } = target;
  const moves = await movesBefore(context, target, env);
  if (moves.length === 0) return;
  const from = previous?.target.path ?? unit.path;
  const isOwn = moves.at(-1)?.endsWith(` ${unit.path}`) === true;
  const what = operation === 'destroy' ? 'nothing of it would be destroyed' : 'everything in it would be created a second time';
  throw refused('E6041', {
    place: unit.path,
    found: isOwn
      ? `its state is still at ${from}: ${what}`
      : "another unit's state is in its place: the resources of that unit would be destroyed",
    todo:
      moves.length === 1
        ? `move the state, then plan again: ${moves[0] ?? ''}`
        : `move the states in this order, then plan again:\n${moves.join('\n')}`,
  });
}

/** True for a state with anything in it that a plan could make again. */
export function holdsResources(state: StateObject | undefined): boolean {
  if (state === undefined) return false;
  const { resources }: { readonly resources?: readonly unknown[] } = JSON.parse(state.text);
  return resources !== undefined && resources.length > 0;
}
