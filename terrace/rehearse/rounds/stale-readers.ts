import { canonicalText, keyedDigest } from '../../base/canonical';
import type { Json } from '../../base/json';
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

/** What a unit gives. */
type Values = { readonly [name: string]: Json };

/** What units give at one moment, by their paths. */
type Given = ReadonlyMap<string, Values>;

/** What these units give now. */
export async function givenBy(states: StatesOf, units: readonly string[]): Promise<Given> {
  return new Map(await Promise.all(units.map(async (unit) => [unit, valuesOf(await states.state(unit))] as const)));
}

/**
 * Units that were applied with values which their upstream no longer gives, of those that read what was applied in a round; `before` is what
 * these units gave before it. What readers serve with is what they read then: the outputs that are named are those that became something else,
 * and all that were read where a reader was behind before the round already.
 */
export async function staleReaders(states: StatesOf, model: Pick<Model, 'units'>, before: Given): Promise<readonly StaleReader[]> {
  const now = await givenBy(states, [...before.keys()]);
  const readers = model.units.filter((unit) => unit.dependencies.some((dependency) => before.has(dependency.unit)));
  const found = await Promise.all(
    readers.map(async ({ path }): Promise<readonly StaleReader[]> => {
      const record = await states.record(path);
      if (record === undefined || record.status !== 'applied') return [];
      const salt = Buffer.from(record.salt, 'hex');
      return record.consumed.flatMap(({ unit, outputs, digest }): readonly StaleReader[] => {
        const [was, is] = [before.get(unit), now.get(unit)];
        const isRead = (values: Values): boolean => keyedDigest(salt, consumedValues(values, outputs)) === digest;
        if (was === undefined || is === undefined || isRead(is)) return [];
        const changed = outputs.filter((name) => canonicalText(was[name] ?? null) !== canonicalText(is[name] ?? null));
        return [{ unit: path, upstream: unit, outputs: isRead(was) ? changed : outputs }];
      });
    }),
  );
  return found.flat().toSorted((a, b) => (`${a.unit} ${a.upstream}` < `${b.unit} ${b.upstream}` ? -1 : 1));
}

function valuesOf(state: StateObject | undefined): Values {
  return Object.fromEntries(Object.entries(state?.outputs ?? {}).map(([name, output]) => [name, output.value]));
}
