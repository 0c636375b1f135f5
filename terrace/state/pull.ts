import { TerraceError } from '../base/errors';
import { stateUrl, type StateAccess } from './state-access';
import { digestOf } from './state-file';
import { readDigest, readStateObject } from './state-store';

/**
 * The state's text, byte by byte, compared with its digest. Needs no lock.
 * Raises E4509 where they differ and E4510 where there is no state.
 */
export async function pullState(access: StateAccess, versionId?: string): Promise<string> {
  const { path, backend } = access.target;
  const text = await readStateObject(access, versionId);
  if (text === undefined)
    throw new TerraceError({
      code: 'E4510',
      title: 'no state',
      place: path,
      found: `nothing at ${stateUrl(backend)}${versionId === undefined ? '' : ` in version ${versionId}`}`,
      todo: `see which versions there were: terrace state history ${path}; a unit that was never applied has no state`,
    });
  if (versionId === undefined) await requireDigest(access, text);
  return text;
}

/** Raises E4509 where the stored text is not the one whose digest is recorded. */
export async function requireDigest(access: StateAccess, text: string): Promise<void> {
  const { path, backend } = access.target;
  const digest = await readDigest(access);
  if (digest === undefined || digest === digestOf(text)) return;
  throw digestMismatch(path, `MD5 ${digestOf(text)} of ${stateUrl(backend)}`, `${digest}, which the last writer recorded`);
}

/** A state that is not the one whose digest is recorded (E4509). */
export function digestMismatch(path: string, found: string, expected: string): TerraceError {
  return new TerraceError({
    code: 'E4509',
    title: 'digest mismatch',
    place: path,
    found,
    expected,
    todo: `if nobody is applying right now, look at what is stored (terrace state history ${path}), then record its digest: terrace state digest ${path}`,
  });
}
