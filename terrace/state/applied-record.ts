import { awsError, isAwsError } from '../aws/aws-error';
import { objectText, type ObjectText } from '../aws/object-text';
import { exitCodes, TerraceError } from '../base/errors';
import { encryptionOf, type StateAccess } from './state-access';
import { asList, asObject, asString, formatLossless, JsonNumber, parseLossless, type JsonObject, type LosslessJson } from './lossless-json';

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
  return (await readRecordObject(access))?.text;
}

/** The same with the tag by which {@link replaceRecordText} knows it again. */
export async function readRecordObject(access: StateAccess): Promise<ObjectText | undefined> {
  try {
    return await objectText(access.s3, place(access));
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
  try {
    await put(access, text);
  } catch (error) {
    throw awsError(error, { ...attempt(access), doing: 'write the record' });
  }
}

/**
 * Writes the record in the place of the one that was read, and of no other: a lock that somebody released by force protects nothing.
 * The caller holds the state's lock. Raises E4523 (exit 3) where another one stands there by now.
 */
export async function replaceRecordText(access: StateAccess, text: string, before: ObjectText): Promise<void> {
  try {
    await put(access, text, before.etag === undefined ? {} : { IfMatch: before.etag });
  } catch (error) {
    // The answer may have been lost after the object was stored: repeated, the request then meets its own text.
    if ((await readRecordText(access).catch(() => undefined)) === text) return;
    if (!isAwsError(error, 'PreconditionFailed') && !isAwsError(error, 'ConditionalRequestConflict'))
      throw awsError(error, { ...attempt(access), doing: 'write the record' });
    throw recordChanged(access);
  }
}

/** The error of a record that is not the one that was looked at before: E4523, exit 3. */
export function recordChanged(access: StateAccess): TerraceError {
  return new TerraceError(
    {
      code: 'E4523',
      title: 'record changed meanwhile',
      place: access.target.path,
      found: `somebody else wrote ${attempt(access).target} at the same time`,
      todo: 'nothing was overwritten; run the same command again, and look at what it shows',
    },
    exitCodes.refused,
  );
}

async function put(access: StateAccess, text: string, condition: { readonly IfMatch?: string } = {}): Promise<void> {
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  const headers = { ContentType: 'application/json', ...encryptionOf(access.target.backend), ...condition };
  await access.s3.send(new PutObjectCommand({ ...place(access), Body: text, ...headers }));
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
  // Readers that were given up are said where the state went.
  const { forgotten: _, ...rest } = record;
  await writeRecordText(access, formatLossless({ ...rest, status: 'destroyed', state, consumed: [] }));
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
  const forgotten = asList(record['forgotten']).map((one) => renamedIn(one, asString(record['unit']) ?? '', unit));
  return formatLossless({ ...record, unit, ...followed, ...(forgotten.length === 0 ? {} : { forgotten }) });
}

/** A reader that was given up, with the new path of the unit that moved: as the one that read, or as the one that was read. */
function renamedIn(forgotten: LosslessJson, from: string, to: string): LosslessJson {
  const one = asObject(forgotten);
  if (one === undefined) return forgotten;
  return { ...one, ...(one['reader'] === from && { reader: to }), ...(one['unit'] === from && { unit: to }) };
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
