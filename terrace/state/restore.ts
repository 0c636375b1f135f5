import { quantity } from '../base/plural';
import { exitCodes, TerraceError } from '../base/errors';
import { withStateLock, type StateLockOptions } from './lock/with-state-lock';
import type { StateAccess, StateTarget } from './state-access';
import { formatState, parseState, refuseSandboxState, serialJson, type StateFile } from './state-file';
import { readStateObject, requireVersioning, stateVersions, writeState } from './state-store';

export interface RestoreResult {
  readonly version: string;
  readonly lineage: string;
  /** Serial of the restored content. */
  readonly from: number;
  /** Serial of the new version. */
  readonly serial: number;
  /** Serial that was current before; undefined when the state had been deleted or could not be read. */
  readonly replaced: number | undefined;
}

export interface RestoreOptions extends StateLockOptions {
  /** Restore although the current state has another lineage. @default false */
  readonly otherLineage?: boolean;
}

/**
 * Writes an earlier version's content as a new version, under the lock: serial above every serial there was, digest updated. The version
 * that was current stays in the history. Works where the current state is deleted, broken or does not fit its digest.
 * Raises E4501 (the version is no state), E4502 (no such version), E4504, E4505 (other lineage, exit 3), E4507 and those of writing.
 */
export function restoreState(target: StateTarget, version: string, options: RestoreOptions = {}): Promise<RestoreResult> {
  return withStateLock(target, 'terrace state restore', ({ access }) => restore(access, version, options), {
    info: `version ${version}`,
    ...options,
  });
}

async function restore(access: StateAccess, version: string, options: RestoreOptions): Promise<RestoreResult> {
  const { path } = access.target;
  await requireVersioning(access);
  const versions = await stateVersions(access);
  const chosen = versions.find((one) => one.versionId === version);
  const text = chosen === undefined || chosen.deleted ? undefined : await readStateObject(access, version);
  if (text === undefined) {
    const found = chosen === undefined ? `no version ${version}` : `${version} is a deletion and has no content`;
    throw new TerraceError({
      code: 'E4502',
      title: 'no such version',
      place: path,
      found,
      expected: `one of the ${versions.length} that terrace state history ${path} shows`,
      todo: 'copy the id from there; the state is unchanged',
    });
  }
  const wanted = parseState(text, `${path} version ${version}`);
  refuseSandboxState(wanted, path, access.env);
  const current = readable(await readStateObject(access), path);
  if (current !== undefined && current.lineage !== wanted.lineage && options.otherLineage !== true)
    throw otherLineage(path, current, wanted);
  const serial = (await highestSerial(access, wanted, current, versions)) + 1;
  await writeState(access, formatState(wanted, { serial: serialJson(serial) }));
  return { version, lineage: wanted.lineage, from: wanted.serial, serial, replaced: current?.serial };
}

/** Where the current state says nothing, the recent versions do. */
async function highestSerial(
  access: StateAccess,
  wanted: StateFile,
  current: StateFile | undefined,
  versions: Awaited<ReturnType<typeof stateVersions>>,
): Promise<number> {
  const serials = [wanted.serial, ...(current === undefined ? [] : [current.serial])];
  if (current !== undefined) return Math.max(...serials);
  for (const version of versions.filter((one) => !one.deleted).slice(0, 20)) {
    const state = readable(await readStateObject(access, version.versionId), access.target.path);
    if (state !== undefined) serials.push(state.serial);
  }
  return Math.max(...serials);
}

function readable(text: string | undefined, place: string): StateFile | undefined {
  if (text === undefined) return undefined;
  try {
    return parseState(text, place);
  } catch {
    return undefined;
  }
}

/** Two states that do not descend from each other. */
export function otherLineage(place: string, current: StateFile, wanted: StateFile): TerraceError {
  return new TerraceError(
    {
      code: 'E4505',
      title: 'different lineage',
      place,
      found: `lineage ${wanted.lineage}, serial ${wanted.serial}`,
      expected: `lineage ${current.lineage} (current, serial ${current.serial}, ${quantity(current.instances, 'resource')})`,
      todo: 'it is the state of something else; if it is meant to replace this one, add --other-lineage. The state is unchanged',
    },
    exitCodes.refused,
  );
}
