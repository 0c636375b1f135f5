import type { Model, UnitModel } from '../../model/model';
import type { UnitFiles } from '../../model/content-digest';
import { failed } from '../problems';
import type { StateTarget } from '../../state/state-access';
import type { EnvironmentAccess } from '../terraform/accounts';

/** Where a moved unit's state stood before. */
export interface PreviousState {
  readonly target: StateTarget;
  /** The unit whose credentials reach it. */
  readonly beside: UnitModel;
  readonly access: EnvironmentAccess;
}

/** A unit that says its state stood where another one of the source stands. */
export interface Claim {
  readonly unit: UnitModel;
  readonly access: EnvironmentAccess;
  /** The unit that says the same of this one's place. @default none */
  readonly claimed?: Claim;
}

/** One unit to plan, with everything that its plan is made from. */
export interface PlanTarget {
  readonly unit: UnitModel;
  readonly access: EnvironmentAccess;
  readonly files: UnitFiles;
  readonly operation: 'apply' | 'destroy';
  /** Units that depended on it before it was removed from the source; they are applied before it is destroyed. @default none */
  readonly formerDependents?: readonly string[];
  /** Where its state stood before it moved. @default it did not */
  readonly previous?: PreviousState;
  /** The unit whose state stood here before. @default none */
  readonly claimed?: Claim;
}

/** How a unit's environment is reached. Raises E6038 where the model does not know it. */
export function accessOf(model: Model, unit: UnitModel): EnvironmentAccess {
  const environment = model.systems
    .find((system) => system.name === unit.system)
    ?.environments.find((one) => one.name === unit.environment);
  if (environment === undefined)
    throw failed('E6038', {
      place: unit.path,
      found: 'the synthesized model does not contain its environment',
      todo: 'run `terrace synth` again',
    });
  return { stateAccount: environment.stateAccount, credentials: environment.credentials };
}

/** Units that are applied before the one that they read, because they leave what its plan destroys. */
export type ReadersFirst = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Paths of the targets that are applied before each target. What is destroyed comes after all that needs it, or needed it; a reader that
 * leaves what its upstream destroys comes before that one.
 */
export function applyOrder(targets: readonly PlanTarget[], first: ReadersFirst = new Map()): ReadonlyMap<string, readonly string[]> {
  const byPath = new Map(targets.map((target) => [target.unit.path, target]));
  const order = new Map<string, Set<string>>(targets.map((target) => [target.unit.path, new Set()]));
  for (const target of targets) {
    for (const { unit: upstream } of target.unit.dependencies) {
      const other = byPath.get(upstream);
      if (other === undefined) continue;
      const leaves = first.get(upstream)?.has(target.unit.path) === true;
      if (target.operation === 'apply' && other.operation === 'apply' && !leaves) order.get(target.unit.path)?.add(upstream);
      if (other.operation === 'destroy') order.get(upstream)?.add(target.unit.path);
    }
    for (const dependent of [...(target.formerDependents ?? []), ...(first.get(target.unit.path) ?? [])])
      if (byPath.has(dependent)) order.get(target.unit.path)?.add(dependent);
  }
  return new Map([...order].map(([path, before]) => [path, [...before].toSorted()]));
}
