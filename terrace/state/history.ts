import type { StateAccess } from './state-access';
import { parseState, sandboxMarkOf } from './state-file';
import { readStateObject, stateVersions, type StateVersion } from './state-store';

/** A version with what its content says; the numbers are absent for a delete marker and for what is not a state. */
export interface StateHistoryEntry extends StateVersion {
  readonly serial?: number;
  readonly lineage?: string;
  readonly terraformVersion?: string;
  /** Instances of managed resources. */
  readonly instances?: number;
  /** True where the resources are simulated ones. */
  readonly sandbox?: boolean;
  /** Why the content could not be read as a state. */
  readonly unreadable?: string;
}

/** The newest `limit` versions of a unit's state with serial, lineage and size of their content. Needs no lock. */
export async function stateHistory(access: StateAccess, limit: number): Promise<readonly StateHistoryEntry[]> {
  const versions = (await stateVersions(access)).slice(0, limit);
  const entries: StateHistoryEntry[] = [];
  for (const version of versions) entries.push(version.deleted ? version : { ...version, ...(await contentOf(access, version)) });
  return entries;
}

async function contentOf(access: StateAccess, version: StateVersion): Promise<Omit<StateHistoryEntry, keyof StateVersion>> {
  const text = await readStateObject(access, version.versionId);
  if (text === undefined) return { unreadable: 'gone' };
  try {
    const state = parseState(text, version.versionId);
    return {
      serial: state.serial,
      lineage: state.lineage,
      terraformVersion: state.terraformVersion,
      instances: state.instances,
      ...(sandboxMarkOf(state) !== undefined && { sandbox: true }),
    };
  } catch {
    return { unreadable: 'not a state' };
  }
}
