import { readFileSync } from 'node:fs';

import { isErrno } from './errno';

/** The text of a file; undefined where it does not exist. */
export function readOptional(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
