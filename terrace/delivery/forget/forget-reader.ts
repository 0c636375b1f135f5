import { callerArn } from '../../aws/credentials';
import type { ObjectText } from '../../aws/object-text';
import { readRecordObject, recordChanged, replaceRecordText } from '../../state/applied-record';
import { withStateLock } from '../../state/lock/with-state-lock';
import type { StateAccess } from '../../state/state-access';
import { requireVersioning } from '../../state/state-store';
import type { ForgottenReader } from '../record/forgotten';
import { parseRecord, type AppliedRecord } from '../record/record';

import type { GoneReader } from './gone-reader';

/** Under which circumstances a reader is forgotten. */
export interface ForgetRequest {
  /** Commit of the protected branch that has its environment no more. */
  readonly commit: string;
  /** Seconds to wait for a held lock. @default 0 */
  readonly timeout?: number;
  readonly now?: () => Date;
}

const operation = 'terrace state forget-reader';

/**
 * Forgets a reader under its lock: first the record of each unit that it read says so, under that one's lock, and then its own record no longer
 * names them. Killed in between, it still counts as a reader, and the same command goes on. Gives what was forgotten, now or before it was
 * interrupted. Raises E4401 (exit 4), E4523 (exit 3) where somebody else was there meanwhile.
 */
export async function forgetReader(gone: GoneReader, request: ForgetRequest): Promise<readonly ForgottenReader[]> {
  const { reader, target, env, reads, resources } = gone;
  const at = (request.now?.() ?? new Date()).toISOString();
  const environment = reader.split('/', 2).join('/');
  const by = await callerArn({ environment, region: target.backend.region }, env);
  const locking = request.timeout === undefined ? {} : { timeout: request.timeout };
  return withStateLock(
    target,
    operation,
    async ({ access }) => {
      const { record, text } = await standing(access);
      // What was shown and confirmed is no longer what stands there.
      if (record.at !== gone.record.at || record.bundle !== gone.record.bundle) throw recordChanged(access);
      const forgotten: ForgottenReader[] = [];
      for (const { target: unit, env: unitEnv, outputs } of reads) {
        const entry: ForgottenReader = { reader, unit: unit.path, outputs, resources, by, at, commit: request.commit };
        await withStateLock(
          unit,
          operation,
          async (held) => {
            forgotten.push(await sayIn(held.access, entry));
          },
          { ...locking, env: unitEnv, info: `reader ${reader}` },
        );
      }
      await replaceRecordText(access, textOf(without(record, forgotten)), text);
      return forgotten;
    },
    { ...locking, env, info: `reader of ${reads.map(({ target: unit }) => unit.path).join(', ')}` },
  );
}

/** Adds to the record of what was read; what an interrupted run left there stays as it is. */
async function sayIn(access: StateAccess, entry: ForgottenReader): Promise<ForgottenReader> {
  const { record, text } = await standing(access);
  const before = record.forgotten ?? [];
  const known = before.find(({ reader, unit }) => reader === entry.reader && unit === entry.unit);
  if (known !== undefined) return known;
  await replaceRecordText(access, textOf({ ...record, forgotten: [...before, entry] }), text);
  return entry;
}

/** The reader's record without what it read; it keeps that this was forgotten. */
function without(record: AppliedRecord, forgotten: readonly ForgottenReader[]): AppliedRecord {
  const units = new Set(forgotten.map(({ unit }) => unit));
  return {
    ...record,
    consumed: record.consumed.filter(({ unit }) => !units.has(unit)),
    forgotten: [...(record.forgotten ?? []).filter(({ reader, unit }) => reader !== record.unit || !units.has(unit)), ...forgotten],
  };
}

/** The record that stands there under the lock. Raises E4504 where the one before could not be brought back, E4523 where it is gone. */
async function standing(access: StateAccess): Promise<{ readonly record: AppliedRecord; readonly text: ObjectText }> {
  await requireVersioning(access);
  const text = await readRecordObject(access);
  if (text === undefined) throw recordChanged(access);
  return { record: await parseRecord(text.text, access.target.path), text };
}

function textOf(record: AppliedRecord): string {
  return `${JSON.stringify(record)}\n`;
}
