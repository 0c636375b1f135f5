import { readFileSync } from 'node:fs';

import { packageFile } from '../../../base/package-file';

const known = new Map<string, unknown>();

/** A table of facts of a cloud, from its data file beside this one; read when it is first asked for. Each file names its sources. */
export function readTable(name: string): unknown {
  if (!known.has(name)) known.set(name, JSON.parse(readFileSync(packageFile(`sandbox/providers/tables/${name}.json`), 'utf8')));
  return known.get(name);
}
