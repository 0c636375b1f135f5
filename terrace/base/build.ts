import { readFileSync } from 'node:fs';
import path from 'node:path';

import { packageRoot } from './package-file';

/** What a program in one file was built from; the bundler sets it. */
declare const TERRACE_BUILD: { readonly version: string; readonly digest: string } | undefined;

/** What `--version` prints: the package's version, and for a program in one file the digest of its sources as well. */
export function buildText(): string {
  if (typeof TERRACE_BUILD !== 'undefined') return `${TERRACE_BUILD.version} (sources ${TERRACE_BUILD.digest})`;
  const { version }: { readonly version: string } = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8'));
  return version;
}
