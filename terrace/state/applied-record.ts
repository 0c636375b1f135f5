import { awsError, isAwsError } from '../aws/aws-error';
import { objectText } from '../aws/object-text';
import { encryptionOf, type StateAccess } from './state-access';
import { asObject, asString, formatLossless, JsonNumber, parseLossless, type JsonObject } from './lossless-json';

/** What the key of every record ends with. */
export const recordSuffix = 'applied.json';
const usualName = 'terraform.tfstate';

/**
 * Key of the record of the last apply, beside a state: `…/<unit>/applied.json`. A state that has not its folder to itself has its own name
 * in the record's, `…/<unit>.tfstate.applied.json`.
 */
export function recordKey(stateKey: string): string {
  return stateKey.endsWith(`/${usualName}`) ? `${stateKey.slice(0, -usualName.length)}${recordSuffix}` : `${stateKey}.${recordSuffix}`;
}

/** Key of the state that a record stands beside. */
export function stateKeyBeside(record: string): string {
  return record.endsWith(`/${recordSuffix}`)
    ? `${record.slice(0, -recordSuffix.length)}${usualName}`
    : record.slice(0, -`.${recordSuffix}`.length);
}

/** Text of the record of the last apply; undefined where there is none. */
export async function readRecordText(access: StateAccess): Promise<string | undefined> {
  try {
    return (await objectText(access.s3, place(access))).text;
  } catch (error) {
    if (isAwsError(error, 'NoSuchKey')) return undefined;
    throw awsError(error, { ...attempt(access), doing: 'read the record' });
  }
}

/** The state that a record says was left; undefined for a unit that is gone, and for what is no record. Pure. */
export function recordedState(text: string): { readonly lineage: string; readonly serial: number } | undefined {
  const record = objectIn(text);
  const state = asObject(record?.['state']);
  const lineage = asString(state?.['lineage']);
  const serial = state?.['serial'] instanceof JsonNumber ? Number(state['serial'].text) : undefined;
  return lineage === undefined || serial === undefined || record?.['status'] === 'destroyed' ? undefined : { lineage, serial };
}

/** Writes the record as the state beside it is written. The caller holds the state's lock. */
export async function writeRecordText(access: StateAccess, text: string): Promise<void> {
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  try {
    await access.s3.send(
      new PutObjectCommand({ ...place(access), Body: text, ContentType: 'application/json', ...encryptionOf(access.target.backend) }),
    );
  } catch (error) {
    throw awsError(error, { ...attempt(access), doing: 'write the record' });
  }
}

/** What a moved state was at its old place, and is at the new one. */
export interface MovedState {
  readonly lineage: string;
  /** Serial at the old place. */
  readonly before: number;
  /** Serial with which it arrived. */
  readonly serial: number;
}

/**
 * Copies the record of the last apply to where its state went, unless a newer one of this very state is there: an apply after a move that
 * broke off. The caller holds both locks and retires the old record afterwards ({@link retireRecord}): broken off, the same command goes on.
 */
export async function copyRecord(from: StateAccess, to: StateAccess, state: MovedState): Promise<void> {
  const old = await readRecordText(from);
  if (old === undefined) return;
  const there = await readRecordText(to);
  if (there !== undefined && isOf(state, there) && writtenAt(there) >= writtenAt(old)) return;
  await writeRecordText(to, movedRecord(old, to.target.path, state));
}

/**
 * Leaves the record at the old place as that of a unit that is gone: which bundle was applied there is remembered, so that a bundle that
 * was applied before the move is not applied a second time on the empty place.
 */
export async function retireRecord(access: StateAccess): Promise<void> {
  const text = await readRecordText(access);
  const record = text === undefined ? undefined : objectIn(text);
  if (record === undefined || record['status'] === 'destroyed') return;
  const state = { lineage: null, serial: new JsonNumber('0') };
  await writeRecordText(access, formatLossless({ ...record, status: 'destroyed', state, consumed: [] }));
}

/**
 * The record with the unit's new path. Its serial follows the state's where it was the one of the state, so that the move itself does not
 * look like a change; what is no record of the known form stays as it is. Pure.
 */
export function movedRecord(text: string, unit: string, state: MovedState): string {
  const record = objectIn(text);
  if (record === undefined || asString(record['unit']) === undefined) return text;
  const of = asObject(record['state']);
  const serial = of?.['serial'] instanceof JsonNumber ? Number(of['serial'].text) : undefined;
  const followed =
    of !== undefined && of['lineage'] === state.lineage && serial === state.before
      ? { state: { ...of, serial: new JsonNumber(String(state.serial)) } }
      : {};
  return formatLossless({ ...record, unit, ...followed });
}

function isOf({ lineage }: MovedState, record: string): boolean {
  return asString(asObject(objectIn(record)?.['state'])?.['lineage']) === lineage;
}

/** ISO 8601 in UTC, which sorts as text. */
function writtenAt(record: string): string {
  return asString(objectIn(record)?.['at']) ?? '';
}

function objectIn(text: string): JsonObject | undefined {
  try {
    return asObject(parseLossless(text));
  } catch {
    return undefined;
  }
}

function place({ target }: StateAccess): { readonly Bucket: string; readonly Key: string } {
  return { Bucket: target.backend.bucket, Key: recordKey(target.backend.key) };
}

function attempt({ target }: StateAccess): { readonly place: string; readonly target: string } {
  const { bucket, key, region } = target.backend;
  return { place: target.path, target: `s3://${bucket}/${recordKey(key)} (${region})` };
}
