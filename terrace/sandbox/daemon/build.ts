import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { packageRoot } from '../../base/package-file';

/**
 * Digest of the sandbox's compiled sources: a daemon of another digest runs older (or newer) code than the command that asks.
 * Undefined where nothing is compiled yet.
 */
export function sandboxBuild(): string | undefined {
  try {
    const manifest: { readonly files: Readonly<Record<string, string>> } = JSON.parse(
      readFileSync(path.join(packageRoot(), 'dist', 'manifest.json'), 'utf8'),
    );
    const own = Object.entries(manifest.files).filter(([name]) => name.startsWith('sandbox/'));
    return createHash('sha256').update(JSON.stringify(own)).digest('hex').slice(0, 16);
  } catch {
    return undefined;
  }
}
