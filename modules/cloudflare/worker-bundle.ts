import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import { buildSync } from 'esbuild';

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
    this.path = new TerraformAsset(this, 'module', { path: moduleFile(text, this.sha256), type: AssetType.FILE }).path;
  }
}

// An asset is copied from a file: one of its own, found by its content, so that processes side by side do not meet half a file.
function moduleFile(text: string, sha256: string): string {
  const folder = path.join(tmpdir(), 'terrace-assets', sha256.slice(0, 16));
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'worker.mjs');
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
  return file;
}
