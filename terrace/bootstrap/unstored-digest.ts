import type { UnitModel } from '../model/model';
import { withStateLock } from '../state/lock/with-state-lock';
import { readDigest, readStateObject, retireState } from '../state/state-store';

/**
 * Removes the digest of a state that an interrupted push recorded and the bucket never got: with it, terraform refuses the next push, while the
 * local state is still the right one. Takes the state's lock.
 */
export async function clearUnstoredDigest(unit: UnitModel, env: NodeJS.ProcessEnv): Promise<void> {
  await withStateLock(
    unit,
    'terrace backend bootstrap',
    async ({ access }) => {
      if ((await readStateObject(access)) === undefined && (await readDigest(access)) !== undefined) await retireState(access);
    },
    { env },
  );
}
