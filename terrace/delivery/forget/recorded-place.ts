import { TerraceError } from '../../base/errors';
import { stateKeyOf } from '../../state/state-key';
import type { StateTarget } from '../../state/state-access';
import { factsEnvironment } from '../accepted/find-accepted';
import type { EnvironmentFacts } from '../approval/environment-facts';
import type { AppliedRecord } from '../record/record';
import type { States } from '../record/states';
import type { Accounts } from '../terraform/accounts';

/** A unit's record where the facts of its environment say that its state is, whether or not the source still has the unit. */
export interface RecordedPlace {
  readonly target: StateTarget;
  readonly env: NodeJS.ProcessEnv;
  readonly record: AppliedRecord;
}

/** A bucket of an environment that could not be read. */
export interface ClosedBucket {
  readonly bucket: string;
  readonly error: TerraceError;
}

/** What was found of a unit in the buckets of its environment. */
export interface RecordedPlaces {
  /** Undefined where no bucket that can be read has a record of it. */
  readonly found: RecordedPlace | undefined;
  readonly closed: readonly ClosedBucket[];
}

/** Looks for the record of a unit in every bucket that facts name; one that says that the unit is destroyed counts only where no other does. */
export async function recordedPlaces(
  unit: string,
  facts: readonly EnvironmentFacts[],
  { accounts, states }: { readonly accounts: Accounts; readonly states: Pick<States, 'readRecord'> },
): Promise<RecordedPlaces> {
  const name = unit.split('/', 2).join('/');
  const places: RecordedPlace[] = [];
  const closed: ClosedBucket[] = [];
  for (const { target, of } of facts.flatMap((of) => targetsAt(unit, of).map((target) => ({ target, of }))))
    try {
      const env = await factsEnvironment(accounts, name, of);
      const record = await states.readRecord(target, env);
      if (record !== undefined) places.push({ target, env, record });
    } catch (error) {
      if (!(error instanceof TerraceError)) throw error;
      closed.push({ bucket: target.backend.bucket, error });
    }
  return { found: places.find(({ record }) => record.status !== 'destroyed') ?? places[0], closed };
}

/** Where a unit's state may be: its key in each bucket of its environment, with the lock that guards it there. Pure. */
function targetsAt(unit: string, { states, stateKey, lock }: EnvironmentFacts): readonly StateTarget[] {
  return states.map(({ bucket, region, kmsKeyId, lockTable }) => ({
    path: unit,
    backend: {
      bucket,
      region,
      key: stateKeyOf(stateKey, unit),
      useLockfile: lock !== 'dynamodb',
      ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
      ...(lockTable === undefined ? {} : { dynamodbTable: lockTable }),
    },
  }));
}
