import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { isErrno } from '../../base/errno';
import { messageOf } from '../../base/message';
import type { UnitFiles } from '../../model/content-digest';
import { failed } from '../problems';

/** Writes files below a folder; their names are relative, with `/`. */
export function writeFiles(folder: string, files: UnitFiles): void {
  for (const [name, bytes] of files) {
    const file = path.join(folder, ...name.split('/'));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes, { mode: 0o600 });
  }
}

/** E6027 for a disk that is full, read-only or not allowed. */
export function cannotWrite(place: string, cause: unknown) {
  const full = isErrno(cause, 'ENOSPC', 'EDQUOT');
  return failed(
    'E6027',
    {
      place,
      found: messageOf(cause, place),
      todo: full
        ? 'the disk is full: free some space and run it again; nothing was changed'
        : 'check that the folder exists and is writable',
    },
    1,
    cause,
  );
}
