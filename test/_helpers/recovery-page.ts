import { readFileSync } from 'node:fs';
import path from 'node:path';

import { projectRoot } from './project-root';

/** Commands of docs/recovery.md by their heading: of each block its lines. */
export function recoveryBlocks(): ReadonlyMap<string, readonly (readonly string[])[]> {
  return new Map(
    readFileSync(path.join(projectRoot, 'docs', 'recovery.md'), 'utf8')
      .split(/^## /m)
      .slice(1)
      .map((section) => [
        section.split('\n')[0] ?? '',
        [...section.matchAll(/^```sh\n([^]*?)^```/gm)].map(([, text = '']) => text.split('\n').filter((line) => line !== '')),
      ]),
  );
}
