import { constants, cpSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';

import { unfinishedMark } from '../storage/durable-file';
import { layoutOf } from './layout';

/** Copies what was built in a sandbox, not what it is: data without the log of requests. Blocks are shared where the file system can. */
export function copyData(from: string, to: string): void {
  const [source, target] = [layoutOf(from), layoutOf(to)];
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const name of ['s3', 'dynamodb', 'cloud', 'variables'] as const)
    if (existsSync(source[name]))
      cpSync(source[name], target[name], {
        recursive: true,
        mode: constants.COPYFILE_FICLONE,
        filter: (file) => !path.basename(file).startsWith(unfinishedMark),
      });
}
