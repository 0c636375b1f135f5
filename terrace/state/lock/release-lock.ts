import { exitCodes, TerraceError } from '../../base/errors';
import { openState, stateUrl, type StateTarget } from '../state-access';
import { formatAge, lockAge, lockIdOf } from './lock-info';
import { itemPlace, objectPlace, type LockPlace, type StandingLock } from './lock-places';
import { describeHolder } from './with-state-lock';

export interface ReleaseOptions {
  /** The exact id of the lock. */
  readonly id: string;
  /** Milliseconds; a younger lock is not released. */
  readonly minAge: number;
  /** Release it whatever its age. */
  readonly force: boolean;
  /** Asked once what stands there is known; false leaves it. */
  readonly confirm: (description: string) => Promise<boolean>;
  readonly env: NodeJS.ProcessEnv;
  readonly now?: Date;
}

/**
 * Removes a dead holder's lock, in the item and the object alike, and nothing else: exactly the text that was shown is removed, so that a
 * lock taken meanwhile stays. Gives the places it was removed from; empty when `confirm` said no.
 * Raises E4403 (no lock), E4404 (another id, exit 3), E4405 (too young, exit 3), E4406 (it changed meanwhile).
 */
export async function releaseLock(target: StateTarget, options: ReleaseOptions): Promise<readonly StandingLock['place'][]> {
  const access = await openState(target, options.env);
  try {
    // The object is looked for with `lock: dynamodb` too: an older or newer commit may have left one.
    const places = [objectPlace(access), ...(access.dynamodb === undefined ? [] : [itemPlace(access)])];
    const standing: { place: LockPlace; lock: StandingLock }[] = [];
    for (const place of places) {
      const lock = await place.read();
      if (lock !== undefined) standing.push({ place, lock });
    }
    const chosen = choose(target, standing, options);
    const [first] = chosen;
    if (first === undefined || !(await options.confirm(describeHolder(first.lock, options.now ?? new Date())))) return [];
    const released: StandingLock['place'][] = [];
    for (const { place, lock } of chosen) {
      if (await place.remove(lock)) released.push(place.kind);
      else if ((await place.read()) !== undefined)
        throw refused(
          target,
          { code: 'E4406', title: 'lock changed' },
          `the lock in ${place.kind} has been replaced`,
          `somebody else holds it: terrace lock list ${target.path}`,
        );
    }
    return released;
  } finally {
    access.close();
  }
}

function choose(
  target: StateTarget,
  standing: readonly { place: LockPlace; lock: StandingLock }[],
  options: ReleaseOptions,
): readonly { place: LockPlace; lock: StandingLock }[] {
  if (standing.length === 0)
    throw new TerraceError({
      code: 'E4403',
      title: 'no lock',
      place: target.path,
      found: `${stateUrl(target.backend)} is not locked`,
      todo: 'terrace lock list shows every lock',
    });
  const chosen = standing.filter(({ lock }) => lockIdOf(lock.lock) === options.id);
  if (chosen.length === 0)
    throw refused(
      target,
      { code: 'E4404', title: 'different lock' },
      standing.map(({ lock }) => describeHolder(lock, options.now ?? new Date())).join('\n'),
      `--id must be the full id of the lock that is held; it was '${options.id}'`,
    );
  for (const { lock } of chosen) {
    const age = lock.lock === undefined ? undefined : lockAge(lock.lock, options.now ?? new Date());
    if (options.force || (age !== undefined && age >= options.minAge)) continue;
    throw refused(
      target,
      { code: 'E4405', title: 'lock too young' },
      `${describeHolder(lock, options.now ?? new Date())}\n${age === undefined ? 'it does not say since when' : `younger than ${formatAge(options.minAge)}: its holder may be at work`}`,
      'make sure that the holder is gone, then wait, lower --min-age, or add --force',
    );
  }
  return chosen;
}

function refused(target: StateTarget, kind: { readonly code: string; readonly title: string }, found: string, todo: string): TerraceError {
  return new TerraceError({ ...kind, place: target.path, found, todo }, exitCodes.refused);
}
