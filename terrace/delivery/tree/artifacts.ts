import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { sha256 } from '../../base/canonical';
import { refused } from '../problems';

/**
 * Digest of what an environment hands to other tools (`<system>/<environment>/artifacts/` of a synthesized tree): the SHA-256 of the lines
 * that `sha256sum` prints for its files, sorted by their paths as bytes, so that a shell can compare it. Undefined where it hands over
 * nothing. Raises E6025 for a link or anything else that is no plain file, and for a name that such a line could not carry.
 */
export function artifactsDigest(tree: string, environment: string): string | undefined {
  const folder = path.join(tree, ...environment.split('/'), 'artifacts');
  if (!existsSync(folder)) return undefined;
  const files: string[] = [];
  const walk = (below: string): void => {
    for (const name of readdirSync(path.join(folder, below))) {
      const relative = below === '' ? name : `${below}/${name}`;
      const stat = lstatSync(path.join(folder, relative));
      if (stat.isDirectory()) walk(relative);
      else if (stat.isFile() && !/[\\\n\r]/.test(name)) files.push(relative);
      else
        throw refused('E6025', {
          place: `${environment}/artifacts`,
          found: relative,
          expected: 'plain files',
          todo: 'pass only files that the synthesis wrote',
        });
    }
  };
  walk('');
  if (files.length === 0) return undefined;
  return sha256(
    files
      .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .map((file) => `${sha256(readFileSync(path.join(folder, file)))}  ${file}\n`)
      .join(''),
  );
}
