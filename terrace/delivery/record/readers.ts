import { TerraceError } from '../../base/errors';
import { recordSuffix, stateKeyBeside } from '../../state/applied-record';
import { keyPrefixOf, keyTemplateOf } from '../../state/state-key';
import type { UnitModel } from '../../model/model';
import type { AppliedRecord } from './record';
import type { States } from './states';

/** An applied unit that reads another one's outputs, by its record. */
export interface Reader {
  readonly unit: string;
  readonly outputs: readonly string[];
}

/** A bucket in which units of one environment keep their states, with the credentials that reach it. */
export interface RecordPlace {
  readonly sample: Pick<UnitModel, 'path' | 'system' | 'environment' | 'backend'>;
  readonly env: NodeJS.ProcessEnv;
}

/** Prefix of every key of a unit's environment, the root's `keyPrefix` included. */
export function environmentPrefix(sample: RecordPlace['sample']): string {
  return keyPrefixOf(keyTemplateOf(sample), { environment: sample.environment });
}

/**
 * All records of environments, whether or not the source still has their units. Sorted by unit. `closed` says what becomes of one that the
 * caller's role may not read: roles that apply may read those of the units that they apply.
 */
export async function recordsOf(
  places: readonly RecordPlace[],
  states: Pick<States, 'keys' | 'readRecord'>,
  closed: 'refused' | 'left out' = 'refused',
): Promise<readonly AppliedRecord[]> {
  const found = new Map<string, AppliedRecord>();
  const allowed = async <T>(read: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      if (closed === 'refused' || !isDenied(error)) throw error;
      return otherwise;
    }
  };
  for (const { sample, env } of places) {
    const keys = await allowed(() => states.keys(sample, env, environmentPrefix(sample), recordSuffix), []);
    for (let from = 0; from < keys.length; from += 16)
      await Promise.all(
        keys.slice(from, from + 16).map(async (key) => {
          const target = { path: key, backend: { ...sample.backend, key: stateKeyBeside(key) } };
          const record = await allowed(() => states.readRecord(target, env), undefined);
          if (record !== undefined) found.set(record.unit, record);
        }),
      );
  }
  return [...found.values()].toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
}

function isDenied(error: unknown): boolean {
  return error instanceof TerraceError && error.problems.every(({ code }) => code === 'E4303');
}

/**
 * Who reads a unit, by records of units that are applied; itself not counted. A reader that was forgotten counts again where its environment
 * is `living`: then it can be planned. Pure.
 */
export function readersIn(
  records: readonly AppliedRecord[],
  unit: string,
  living: (record: AppliedRecord) => boolean = () => true,
): readonly Reader[] {
  return records.flatMap((record) => {
    const forgotten = living(record) ? (record.forgotten ?? []).filter(({ reader }) => reader === record.unit) : [];
    const read =
      record.status === 'destroyed' || record.unit === unit ? [] : [...record.consumed, ...forgotten].filter((one) => one.unit === unit);
    return read.length === 0 ? [] : [{ unit: record.unit, outputs: [...new Set(read.flatMap((one) => one.outputs))].toSorted() }];
  });
}
