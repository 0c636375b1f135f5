import { createHash } from 'node:crypto';

import { exitCodes, TerraceError } from '../base/errors';
import { withStateLock, type StateLockOptions } from './lock/with-state-lock';
import type { StateTarget } from './state-access';
import { otherLineage } from './restore';
import { digestOf, formatState, parseState, refuseSandboxState, serialJson } from './state-file';
import { readDigest, readStateObject, requireVersioning, writeState } from './state-store';

export interface RecoverResult {
  /** `unchanged` when what is stored is the file already. */
  readonly outcome: 'written' | 'unchanged';
  readonly lineage: string;
  readonly serial: number;
  readonly instances: number;
  readonly replaced: number | undefined;
}

export interface RecoverOptions extends StateLockOptions {
  /** Write although the stored state is newer than the file's. @default false */
  readonly olderToo?: boolean;
  readonly otherLineage?: boolean;
}

/**
 * Pushes the `errored.tfstate` that terraform leaves where it could not write its state at the end of an apply: under the lock, with the
 * digest, the version before kept. A stored state with a higher serial was written since, and is not replaced (E4511, exit 3).
 */
export async function recoverState(target: StateTarget, text: string, file: string, options: RecoverOptions = {}): Promise<RecoverResult> {
  const errored = parseState(withLineage(text), file);
  refuseSandboxState(errored, file, options.env ?? process.env);
  return withStateLock(
    target,
    'terrace state recover',
    async ({ access }) => {
      await requireVersioning(access);
      const stored = await readStateObject(access);
      const current = stored === undefined ? undefined : parseState(stored, target.path);
      const result = { lineage: errored.lineage, instances: errored.instances, replaced: current?.serial };
      if (current !== undefined && current.lineage !== errored.lineage && options.otherLineage !== true)
        throw otherLineage(target.path, current, errored);
      if (stored !== undefined && digestOf(stored) === digestOf(errored.text)) {
        if ((await readDigest(access)) !== digestOf(errored.text)) await writeState(access, errored.text);
        return { ...result, outcome: 'unchanged', serial: errored.serial };
      }
      if (current !== undefined && current.serial > errored.serial && options.olderToo !== true)
        throw newer(target.path, file, current.serial, errored.serial);
      // terraform raised the serial before it tried to upload: the same one with other content is somebody else's.
      if (current !== undefined && current.serial === errored.serial && options.olderToo !== true)
        throw newer(target.path, file, current.serial, errored.serial);
      const serial = Math.max(errored.serial, (current?.serial ?? -1) + 1);
      await writeState(access, serial === errored.serial ? errored.text : formatState(errored, { serial: serialJson(serial) }));
      return { ...result, outcome: 'written', serial };
    },
    { info: file, ...options },
  );
}

/**
 * terraform gives a first state its lineage when it uploads it: one that it could not upload, since it could not even ask whether there is
 * another, has none, and serial 0. It gets one that follows from its content, so that a recovery that breaks off goes on.
 */
function withLineage(text: string): string {
  if (!/"lineage":\s*""/.test(text)) return text;
  const hash = createHash('sha256').update(text).digest('hex');
  const lineage = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
  return text.replace(/"lineage":\s*""/, `"lineage": "${lineage}"`).replace(/"serial":\s*0\b/, '"serial": 1');
}

function newer(place: string, file: string, stored: number, errored: number): TerraceError {
  return new TerraceError(
    {
      code: 'E4511',
      title: 'stored state is newer',
      place,
      found: `${file} has serial ${errored}, what is stored has ${stored}${stored === errored ? ' and different content' : ''}: somebody has applied since`,
      todo: 'compare the two (terrace state pull); --older-too replaces the stored state, which stays in the history. The state is unchanged',
    },
    exitCodes.refused,
  );
}
