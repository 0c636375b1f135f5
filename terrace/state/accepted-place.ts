import type { UnitModel } from '../model/model';

/** Where an environment keeps which commit was accepted last. */
export interface AcceptedPlace {
  readonly bucket: string;
  readonly region: string;
  readonly key: string;
}

/**
 * The one place of an environment, from all its units: the bucket of what it has once (region `global`), else of its first unit by path;
 * empty names where it has no units.
 */
export function acceptedPlace(environment: string, keyPrefix: string, units: readonly UnitModel[]): AcceptedPlace {
  const sorted = units.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const home = sorted.find((unit) => unit.region === 'global') ?? sorted[0];
  return {
    bucket: home?.backend.bucket ?? '',
    region: home?.backend.region ?? '',
    key: `${keyPrefix}${environment}/accepted.json`,
  };
}
