import { createHash } from 'node:crypto';
import path from 'node:path';

import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import { buildSync } from 'esbuild';
import { generatedFile } from 'terrace';

/** Bundles of this process by absolute path: a module is bundled once, however many units use it. */
const bundles = new Map<string, string>();

/**
 * The text of one self-contained ES module: the entry with everything that it imports. The same sources give the same bytes on every machine:
 * nothing is minified, comments with paths are left out. Throws what esbuild reports for a module that cannot be bundled.
 */
export function bundleWorker(entry: string): string {
  const known = bundles.get(entry);
  if (known !== undefined) return known;
  const { outputFiles } = buildSync({
    stdin: { contents: `export { default } from './${path.basename(entry)}';\n`, resolveDir: path.dirname(entry), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const text = (outputFiles[0]?.text ?? '').replace(/^\/\/ .*\n/gm, '');
  bundles.set(entry, text);
  return text;
}

/** A Worker's module as a file in its unit's folder. */
export class WorkerBundle extends Construct {
  /** Path in the unit's folder. */
  readonly path: string;
  /** Hex SHA-256 of the module: what tells terraform that the code changed. */
  readonly sha256: string;

  constructor(scope: Construct, id: string, entry: string) {
    super(scope, id);
    const text = bundleWorker(entry);
    this.sha256 = createHash('sha256').update(text).digest('hex');
    this.path = new TerraformAsset(this, 'module', { path: generatedFile('worker.mjs', text), type: AssetType.FILE }).path;
  }
}
