import { withStateLock, type StateLockOptions } from './lock/with-state-lock';
import type { StateTarget } from './state-access';
import { digestOf, parseState } from './state-file';
import { readDigest, readStateObject, writeDigest } from './state-store';

export interface RecordedDigest {
  readonly outcome: 'absent' | 'fits' | 'recorded';
  readonly digest?: string;
  /** What was recorded before, where it was another one. */
  readonly before?: string;
}

/**
 * Records, under the lock, the MD5 of the state that is stored: after a return from `lock: s3` (whose writers leave the item as it was), or
 * where a writer died between the object and its digest. What is stored must be a state (E4501).
 */
export function recordStateDigest(target: StateTarget, options: StateLockOptions = {}): Promise<RecordedDigest> {
  return withStateLock(
    target,
    'terrace state digest',
    async ({ access }) => {
      const text = await readStateObject(access);
      if (text === undefined) return { outcome: 'absent' };
      parseState(text, target.path);
      const before = await readDigest(access);
      const digest = digestOf(text);
      if (before === digest) return { outcome: 'fits', digest };
      await writeDigest(access, text);
      return { outcome: 'recorded', digest, ...(before !== undefined && { before }) };
    },
    options,
  );
}
