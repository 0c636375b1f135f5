import { randomUUID } from 'node:crypto';

import { quantity } from '../base/plural';
import { exitCodes, TerraceError } from '../base/errors';
import { withStateLock, type HeldLock, type StateLockOptions } from './lock/with-state-lock';
import { stateUrl, type StateAccess, type StateTarget } from './state-access';
import { copyRecord, retireRecord } from './applied-record';
import { asList, formatLossless } from './lossless-json';
import { requireDigest } from './pull';
import { formatState, parseState, refuseSandboxState, serialJson, type StateFile } from './state-file';
import { readStateObject, requireVersioning, retireState, stateVersions, writeDigest, writeState } from './state-store';

export interface MoveResult {
  /** `already` when an earlier run had completed it. */
  readonly outcome: 'moved' | 'already';
  readonly lineage: string;
  readonly serial: number;
  readonly instances: number;
}

/** Credentials may differ between the two units' environments. */
export interface MoveOptions extends Omit<StateLockOptions, 'env'> {
  readonly fromEnv?: NodeJS.ProcessEnv;
  readonly toEnv?: NodeJS.ProcessEnv;
}

/**
 * Moves a whole unit's state and the record of its last apply: under both locks they are copied, the state with its lineage and the next
 * serial, read back, and only then retired at the old place (their versions stay). Killed at any point, the same command goes on; done once more it changes nothing.
 * Raises E4510 (nothing to move), E4512 (the new place holds another state, exit 3), E4513 (both changed since an interrupted move, exit 3).
 */
export function moveUnitState(from: StateTarget, to: StateTarget, options: MoveOptions = {}): Promise<MoveResult> {
  return withBothLocks(from, to, 'terrace state move', options, move);
}

/** Runs `work` while both states are locked. The places differ (E4514). */
export async function withBothLocks<T>(
  from: StateTarget,
  to: StateTarget,
  operation: string,
  options: MoveOptions,
  work: (from: StateAccess, to: StateAccess) => Promise<T>,
): Promise<T> {
  if (stateUrl(from.backend) === stateUrl(to.backend))
    throw new TerraceError(
      { code: 'E4514', title: 'same place', place: to.path, found: `both are ${stateUrl(to.backend)}`, todo: 'name two units' },
      exitCodes.wrongUsage,
    );
  const { fromEnv, toEnv, ...rest } = options;
  const info = `${from.path} to ${to.path} (${randomUUID().slice(0, 8)})`;
  const lock = (target: StateTarget, env: NodeJS.ProcessEnv | undefined, inner: (held: HeldLock) => Promise<T>): Promise<T> =>
    withStateLock(target, operation, inner, { info, ...rest, ...(env && { env }) });
  return lock(from, fromEnv, (old) => lock(to, toEnv, (fresh) => work(old.access, fresh.access)));
}

async function move(from: StateAccess, to: StateAccess): Promise<MoveResult> {
  await requireVersioning(from);
  await requireVersioning(to);
  const [old, fresh] = [await readState(from), await readState(to)];
  if (old === undefined) return alreadyMoved(from, to, fresh);
  refuseSandboxState(old, from.target.path, from.env);
  await requireDigest(from, old.text);
  const copied = fresh !== undefined && (await isCopy(from, to, old, fresh));
  const serial = copied ? fresh.serial : Math.max(old.serial, fresh?.serial ?? 0) + 1;
  // A copy may have been left without its digest.
  if (copied) await writeDigest(to, fresh.text);
  else await writeState(to, formatState(old, { serial: serialJson(serial) }));
  await copyRecord(from, to, { lineage: old.lineage, before: old.serial, serial: copied ? old.serial + 1 : serial });
  await retireState(from);
  await retireRecord(from);
  return { outcome: 'moved', lineage: old.lineage, serial, instances: old.instances };
}

/** True when what stands at the new place is a copy of the old state, or has moved on from one; false when the old state may be written over it. */
async function isCopy(from: StateAccess, to: StateAccess, old: StateFile, fresh: StateFile): Promise<boolean> {
  if (fresh.lineage !== old.lineage) {
    if (asList(fresh.json['resources']).length === 0) return false;
    throw refused(
      to.target,
      { code: 'E4512', title: 'place taken' },
      `${stateUrl(to.target.backend)} holds another state: lineage ${fresh.lineage}, serial ${fresh.serial}, ${quantity(fresh.instances, 'resource')}`,
      'destroy that unit or move its state away first; nothing was changed',
    );
  }
  if (await anyVersion(to, fresh, (version) => sameContent(version, old))) return true;
  if (await anyVersion(from, old, (version) => sameContent(version, fresh))) return false;
  throw refused(
    to.target,
    { code: 'E4513', title: 'both states changed' },
    `an interrupted move left the lineage ${old.lineage} in two places, and both were written since (serial ${old.serial} and ${fresh.serial})`,
    `compare them (terrace state pull), write the right one to ${to.target.path} (terrace state recover), and run it again; nothing was changed`,
  );
}

async function anyVersion(access: StateAccess, current: StateFile, fits: (version: StateFile) => boolean): Promise<boolean> {
  if (fits(current)) return true;
  for (const version of (await stateVersions(access)).filter((one) => !one.deleted)) {
    const text = await readStateObject(access, version.versionId);
    if (text !== undefined && fits(parseState(text, access.target.path))) return true;
  }
  return false;
}

function sameContent(a: StateFile, b: StateFile): boolean {
  const content = (state: StateFile): string => formatLossless({ ...state.json, serial: null });
  return content(a) === content(b);
}

async function alreadyMoved(from: StateAccess, to: StateAccess, fresh: StateFile | undefined): Promise<MoveResult> {
  const last = (await stateVersions(from)).find((one) => !one.deleted);
  const text = last === undefined ? undefined : await readStateObject(from, last.versionId);
  const gone = text === undefined ? undefined : parseState(text, from.target.path);
  if (fresh !== undefined && gone?.lineage === fresh.lineage) {
    // A digest or the record may be left from a run that ended between the deletions.
    await copyRecord(from, to, { lineage: fresh.lineage, before: gone.serial, serial: gone.serial + 1 });
    await retireState(from);
    await retireRecord(from);
    return { outcome: 'already', lineage: fresh.lineage, serial: fresh.serial, instances: fresh.instances };
  }
  throw new TerraceError({
    code: 'E4510',
    title: 'no state',
    place: from.target.path,
    found: `nothing at ${stateUrl(from.target.backend)}${fresh === undefined ? '' : `, and what is at ${to.target.path} does not come from there`}`,
    todo: 'check both unit paths; a unit that was never applied has no state to move',
  });
}

async function readState(access: StateAccess): Promise<StateFile | undefined> {
  const text = await readStateObject(access);
  return text === undefined ? undefined : parseState(text, access.target.path);
}

function refused(target: StateTarget, kind: { readonly code: string; readonly title: string }, found: string, todo: string): TerraceError {
  return new TerraceError({ ...kind, place: target.path, found, todo }, exitCodes.refused);
}
