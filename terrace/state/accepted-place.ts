import { keyPrefixOf } from './state-key';

/** Where an environment keeps which commit was accepted last. */
export interface AcceptedPlace {
  readonly bucket: string;
  readonly region: string;
  readonly key: string;
}

/** A unit as far as it tells where its environment keeps what it has once. */
export interface PlacedUnit {
  readonly path: string;
  readonly region: string;
  readonly bootstrap: boolean;
  readonly backend: { readonly bucket: string; readonly region: string };
}

/**
 * The one place of an environment, from all its units: the bucket of what it has once (region `global`), else of its first unit by path,
 * bootstrap units last;
 * empty names where it has no units. `keyTemplate` is what its states' keys are made of. Pure.
 */
export function acceptedPlace(environment: string, keyTemplate: string, units: readonly PlacedUnit[]): AcceptedPlace {
  const own = units.filter(({ bootstrap }) => !bootstrap);
  const sorted = (own.length > 0 ? own : units).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const home = sorted.find((unit) => unit.region === 'global') ?? sorted[0];
  return {
    bucket: home?.backend.bucket ?? '',
    region: home?.backend.region ?? '',
    key: acceptedKey(environment, keyTemplate),
  };
}

/** `<environment>/accepted.json` below all that the keys of its system have in common. Pure. */
export function acceptedKey(environment: string, keyTemplate: string): string {
  return `${keyPrefixOf(keyTemplate)}${environment}/accepted.json`;
}
