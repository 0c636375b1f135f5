import { TerraceError } from '../base/errors';
import type { Model, UnitModel } from '../model/model';

/** What `terrace backend bootstrap` applies for one environment. */
export interface BootstrapPlan {
  /** The units that make the buckets its states lie in; some may belong to another environment. Sorted by path. */
  readonly owners: readonly UnitModel[];
  /** Its own units that an administrator applies as well, such as `iam/github-oidc`. Sorted by path. */
  readonly others: readonly UnitModel[];
  /** One unit for each of its buckets that somebody else makes and keeps. Sorted by path. */
  readonly elsewhere: readonly UnitModel[];
}

/**
 * Finds the owners of the buckets and keys that an environment's units use; pure.
 * Raises E4201 for an environment without units and E4202 for a bucket that no bootstrap unit makes.
 */
export function bootstrapPlan(model: Model, system: string, environment: string): BootstrapPlan {
  const units = model.units.filter((unit) => unit.system === system && unit.environment === environment);
  if (units.length === 0)
    throw new TerraceError({
      code: 'E4201',
      title: 'nothing to bootstrap',
      place: `${system}/${environment}`,
      found: 'the environment has no units',
      expected: 'at least one unit: its state needs a bucket',
      todo: 'add its units first',
    });
  const makers = new Map(model.units.filter((unit) => unit.bootstrap).map((unit) => [unit.backend.bucket, unit]));
  const buckets = [...new Set(units.map((unit) => unit.backend.bucket))].sort();
  const unmade = buckets.filter((bucket) => !makers.has(bucket));
  const isElsewhere = model.systems.find(({ name }) => name === system)?.backendElsewhere === true;
  const missing = isElsewhere ? [] : unmade;
  if (missing.length > 0)
    throw new TerraceError(
      missing.map((bucket) => ({
        code: 'E4202',
        title: 'bucket without an owner',
        place: `${system}/${environment}`,
        found: `no unit creates ${bucket}, in which ${units.find((unit) => unit.backend.bucket === bucket)?.path ?? 'a unit'} keeps its state`,
        expected: 'a backend/state unit in that account and region, in any system',
        todo: "add 'backend/state': StateBackendUnit to a region of that account; if the bucket was made elsewhere, set backend: { made: 'elsewhere' } in the root",
      })),
    );
  const byPath = (a: UnitModel, b: UnitModel): number => (a.path < b.path ? -1 : 1);
  return {
    owners: buckets.flatMap((bucket) => makers.get(bucket) ?? []).sort(byPath),
    elsewhere: (isElsewhere ? unmade : []).flatMap((bucket) => units.find((unit) => unit.backend.bucket === bucket) ?? []).sort(byPath),
    others: units.filter((unit) => unit.appliedByBootstrap && !unit.bootstrap).sort(byPath),
  };
}
