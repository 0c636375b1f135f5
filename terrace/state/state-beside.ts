import type { UnitModel } from '../model/model';
import { previousPath } from '../model/moved-unit';
import type { StateTarget } from './state-access';
import { keyTemplateOf, stateKeyOf } from './state-key';

/** A place in which no unit of the model stands, and the unit that tells where it is. */
export interface PlaceBeside {
  readonly target: StateTarget;
  /** Its credentials reach the place. */
  readonly beside: UnitModel;
}

/**
 * Where the state of a unit lies that is not in the model: beside those of its region, else of its environment, else of the unit that says
 * it moved from there. Undefined where none of these is known. Pure.
 */
export function stateBeside(units: readonly UnitModel[], path: string): PlaceBeside | undefined {
  const [system, environment, region, , name] = path.split('/');
  if (name === undefined) return undefined;
  const near = units.filter((one) => one.system === system && one.environment === environment);
  const beside = near.find((one) => one.region === region) ?? near[0] ?? units.find((one) => previousPath(one) === path);
  return beside === undefined ? undefined : { target: { path, backend: backendBeside(beside, path) }, beside };
}

/** The backend of a unit with the key that another one has in the same bucket. Pure. */
export function backendBeside(target: StateTarget, other: string): StateTarget['backend'] {
  return { ...target.backend, key: stateKeyOf(keyTemplateOf(target), other) };
}
