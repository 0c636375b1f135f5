import { exitCodes, TerraceError } from '../base/errors';
import { readRecordText, recordedState } from './applied-record';
import { withStateLock, type StateLockOptions } from './lock/with-state-lock';
import type { StateAccess, StateTarget } from './state-access';
import { digestOf, parseState, type StateFile } from './state-file';
import { readDigest, readStateObject, writeDigest } from './state-store';

export interface RecordedDigest {
  readonly outcome: 'absent' | 'fits' | 'recorded';
  readonly digest?: string;
  /** What was recorded before, where it was another one. */
  readonly before?: string;
}

/**
 * Records, under the lock, the MD5 of the state that is stored: after a return from `lock: s3` (whose writers leave the item as it was), or
 * where a writer died between the object and its digest. What is stored must be a state (E4501), and not an older one than its record says
 * was left (E4522, exit 3): then the object is wrong, not its digest.
 */
export function recordStateDigest(target: StateTarget, options: StateLockOptions = {}): Promise<RecordedDigest> {
  return withStateLock(
    target,
    'terrace state digest',
    async ({ access }) => {
      const text = await readStateObject(access);
      if (text === undefined) return { outcome: 'absent' };
      const state = parseState(text, target.path);
      await refuseOlder(access, state);
      const before = await readDigest(access);
      const digest = digestOf(text);
      if (before === digest) return { outcome: 'fits', digest };
      await writeDigest(access, text);
      return { outcome: 'recorded', digest, ...(before !== undefined && { before }) };
    },
    options,
  );
}

async function refuseOlder(access: StateAccess, state: StateFile): Promise<void> {
  const text = await readRecordText(access);
  const left = text === undefined ? undefined : recordedState(text);
  if (left === undefined || (left.lineage === state.lineage && left.serial <= state.serial)) return;
  const { path } = access.target;
  throw new TerraceError(
    {
      code: 'E4522',
      title: 'older than its record',
      place: path,
      found: `serial ${state.serial} of lineage ${state.lineage}; the record says serial ${left.serial} of lineage ${left.lineage}`,
      expected: 'the state that was recorded, or a newer one',
      todo: `the digest is right, but the object is not: find the right version (terrace state history ${path}) and restore it: terrace state restore ${path} --version V`,
    },
    exitCodes.refused,
  );
}
