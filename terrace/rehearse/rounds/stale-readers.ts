import { keyedDigest } from '../../base/canonical';
import type { AppliedRecord } from '../../delivery/record/record';
import type { StateObject } from '../../delivery/record/states';
import type { Model } from '../../model/model';
import { consumedValues } from '../../terraform/remote-states';
import type { StaleReader } from '../rehearsal';

/** Reads what stands of units; undefined where there is nothing. */
export interface StatesOf {
  state(unit: string): Promise<StateObject | undefined>;
  record(unit: string): Promise<AppliedRecord | undefined>;
}

/**
 * Units that were applied with values which their upstream no longer gives, of those that read one of the given units. What they serve with
 * is what they read then.
 */
export async function staleReaders(states: StatesOf, model: Model, applied: readonly string[]): Promise<readonly StaleReader[]> {
  const touched = new Set(applied);
  const readers = model.units.filter((unit) => unit.dependencies.some((dependency) => touched.has(dependency.unit)));
  const found = await Promise.all(
    readers.map(async ({ path }): Promise<readonly StaleReader[]> => {
      const record = await states.record(path);
      if (record === undefined || record.status !== 'applied') return [];
      const inputs = record.consumed.filter(({ unit }) => touched.has(unit));
      const stale = await Promise.all(
        inputs.map(async ({ unit, outputs, digest }) => {
          const state = await states.state(unit);
          const values = Object.fromEntries(Object.entries(state?.outputs ?? {}).map(([name, output]) => [name, output.value]));
          const isSame = keyedDigest(Buffer.from(record.salt, 'hex'), consumedValues(values, outputs)) === digest;
          return isSame ? [] : [{ unit: path, upstream: unit, outputs }];
        }),
      );
      return stale.flat();
    }),
  );
  return found.flat().toSorted((a, b) => (`${a.unit} ${a.upstream}` < `${b.unit} ${b.upstream}` ? -1 : 1));
}
