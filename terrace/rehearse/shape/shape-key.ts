import { createHash, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { isErrno } from '../../base/errno';
import { exitCodes, TerraceError } from '../../base/errors';
import { messageOf } from '../../base/message';

/** Variable with the key of the stand-ins, for pipelines. */
export const keyVariable = 'TERRACE_SHAPE_KEY';
/** A key shorter than this could be guessed, and with it what stood in the place of a stand-in. */
const shortest = 16;

/**
 * The key of the stand-ins: of a file, else of the variable, else of `shape.key` among the working files, which is made (mode 0600) where
 * there is none. Raises E9502 for one that cannot be read or is too short.
 */
export function shapeKey(file: string | undefined, env: NodeJS.ProcessEnv, work: string): Uint8Array {
  const given = file === undefined ? env[keyVariable] : readKey(file);
  const text = given ?? keptKey(path.join(work, 'shape.key'));
  if (text.trim().length < shortest)
    throw new TerraceError(
      {
        code: 'E9502',
        title: 'unusable shape key',
        place: file ?? keyVariable,
        found: `${text.trim().length} characters`,
        expected: `at least ${shortest}`,
        todo: 'create one: openssl rand -hex 32',
      },
      exitCodes.wrongUsage,
    );
  return createHash('sha256').update(text.trim()).digest();
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new TerraceError(
      { code: 'E9502', title: 'unusable shape key', place: file, found: messageOf(cause, file), todo: 'use a file that contains the key' },
      exitCodes.wrongUsage,
      { cause },
    );
  }
}

/** Of several processes that make it at once, one does. */
function keptKey(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
  mkdirSync(path.dirname(file), { recursive: true });
  const part = `${file}.${process.pid}`;
  writeFileSync(part, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  try {
    linkSync(part, file);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  } finally {
    rmSync(part, { force: true });
  }
  return readFileSync(file, 'utf8');
}
