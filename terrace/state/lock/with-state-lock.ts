import { setTimeout as wait } from 'node:timers/promises';

import { exitCodes, TerraceError, type Problem } from '../../base/errors';
import { messageOf } from '../../base/message';
import { listenForInterruption } from '../../terraform/interruption';
import { lockItemId, openState, stateUrl, type StateAccess, type StateTarget } from '../state-access';
import { formatAge, lockAge, lockIdOf, newLockInfo, operationName, type LockInfo } from './lock-info';
import { lockPlaces, type LockPlace, type StandingLock } from './lock-places';

export interface StateLockOptions {
  /** Credentials, proxy and endpoints; `accountEnvironment` gives those of an environment. @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** Free text in the lock's description. @default '' */
  readonly info?: string;
  /** Seconds to wait for a lock that somebody else holds. @default 0 */
  readonly timeout?: number;
}

/** The lock while it is held, with open clients for the state it protects. */
export interface HeldLock {
  readonly lock: LockInfo;
  readonly access: StateAccess;
  /** Aborts when the user interrupts: stop at the next point where nothing is half done. */
  readonly signal: AbortSignal;
}

/**
 * Runs `work` while holding the same lock that terraform would take: the item, the object or both, by the unit's backend.
 * A first Ctrl-C only aborts `signal`; the lock is released in any case.
 * Raises E4401 (exit 4) naming the holder when it is taken, E4402 when it could not be released or was taken away meanwhile,
 * and the E43xx of the calls to AWS.
 */
export async function withStateLock<T>(
  target: StateTarget,
  operation: string,
  work: (held: HeldLock) => Promise<T>,
  options: StateLockOptions = {},
): Promise<T> {
  const access = await openState(target, options.env ?? process.env);
  const interruption = listenForInterruption();
  try {
    const lock = newLockInfo({ operation, path: lockItemId(target.backend), ...(options.info !== undefined && { info: options.info }) });
    await takeWithin(access, lock, (options.timeout ?? 0) * 1000, interruption.signal);
    let result: T;
    try {
      result = await work({ lock, access, signal: interruption.signal });
    } catch (error) {
      const left = await release(access, lock, 'it failed as said above; look at the state before anything else: terrace state verify');
      throw left.length === 0 ? error : withMore(error, left);
    }
    const left = await release(access, lock, 'it did everything it had to do: the state, its digest and its record are written');
    if (left.length > 0) throw new TerraceError(left);
    return result;
  } finally {
    interruption.dispose();
    access.close();
  }
}

async function takeWithin(access: StateAccess, lock: LockInfo, milliseconds: number, signal: AbortSignal): Promise<void> {
  for (let waited = 0, pause = 500; ; waited += pause, pause = Math.min(pause * 2, 5000)) {
    const holder = await take(access, lock);
    if (holder === undefined) return;
    if (waited >= milliseconds || signal.aborted) throw lockHeld(access.target, holder);
    await wait(Math.min(pause, milliseconds - waited), undefined, { signal }).catch(() => undefined);
  }
}

/** Takes the lock in every place, or in none; gives the standing lock that was in the way. */
async function take(access: StateAccess, lock: LockInfo): Promise<StandingLock | undefined> {
  const taken: LockPlace[] = [];
  for (const place of lockPlaces(access)) {
    try {
      const holder = await place.take(lock);
      if (holder === undefined) {
        taken.push(place);
        continue;
      }
      await giveBack(taken, lock);
      return holder;
    } catch (error) {
      // The request may have arrived although its answer did not.
      await giveBack([...taken, place], lock);
      throw error;
    }
  }
  return undefined;
}

async function giveBack(places: readonly LockPlace[], lock: LockInfo): Promise<void> {
  for (const place of places) {
    const standing = await place.read().catch(() => undefined);
    if (standing?.lock?.id === lock.id) await place.remove(standing).catch(() => false);
  }
}

/** Releases in the reverse order; gives a problem for each place where the lock is not ours any more or could not be removed. */
async function release(access: StateAccess, lock: LockInfo, ended: string): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const place of [...lockPlaces(access)].reverse()) {
    try {
      const standing = await place.read();
      const ours = standing?.lock?.id === lock.id;
      if (ours && (await place.remove(standing))) continue;
      const now = ours ? await place.read() : standing;
      // A delete whose answer was lost is repeated and finds nothing.
      if (ours && now === undefined) continue;
      problems.push(takenAway(access.target, place, now, { lock, ended }));
    } catch (error) {
      const cause = error instanceof TerraceError ? error.problems.map((problem) => problem.found).join('\n') : messageOf(error);
      problems.push(
        notReleased(
          access.target,
          `the lock ${lock.id} may still be held in ${place.kind}\n${cause}`,
          { lock, ended },
          `terrace lock list ${access.target.path}, then terrace lock release ${access.target.path} --id ${lock.id}`,
        ),
      );
    }
  }
  return problems;
}

/** A lock that is left, and what is true of what it guarded. */
interface LeftLock {
  readonly lock: LockInfo;
  readonly ended: string;
}

function takenAway(target: StateTarget, place: LockPlace, now: StandingLock | undefined, left: LeftLock): Problem {
  const found =
    now === undefined
      ? `the lock in ${place.kind} was removed in the meantime`
      : `another lock is held in ${place.kind}: ${describeHolder(now)}`;
  return notReleased(
    target,
    found,
    left,
    `check what was written, because somebody released the lock by force while this command was running (terrace state history ${target.path})`,
  );
}

function notReleased(target: StateTarget, found: string, { lock, ended }: LeftLock, todo: string): Problem {
  return {
    code: 'E4402',
    title: 'lock not released',
    place: target.path,
    found: `${found}\n${operationName(lock)} has ended: ${ended}`,
    todo,
  };
}

function withMore(error: unknown, more: readonly Problem[]): unknown {
  return error instanceof TerraceError
    ? new TerraceError([...error.problems, ...more], error.exitCode, { cause: error })
    : new TerraceError(more, exitCodes.failed, { cause: error });
}

/** The error of a held lock: exit 4, the holder named. */
export function lockHeld(target: StateTarget, holder: StandingLock): TerraceError {
  return new TerraceError(
    {
      code: 'E4401',
      title: 'lock held',
      place: target.path,
      found: `${stateUrl(target.backend)} is locked in ${holder.place}\n${describeHolder(holder)}`,
      todo: `wait until it has ended; if its holder is gone: terrace lock release ${target.path} --id ${lockIdOf(holder.lock)}`,
    },
    exitCodes.lockHeld,
  );
}

/** Who holds a lock, since when and for what, on one line. */
export function describeHolder(holder: StandingLock, now = new Date()): string {
  const { lock } = holder;
  if (lock === undefined) return `holder unknown (${JSON.stringify(holder.text.slice(0, 100))}), ID none`;
  const age = lockAge(lock, now);
  return `${lock.who || 'unknown'}, ${operationName(lock)}, since ${lock.created || 'an unknown time'}${age === undefined ? '' : ` (${formatAge(age)})`}, ID ${lockIdOf(lock)}`;
}
