import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { App, AssetType, TerraformAsset, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import assetFiles = require('cdktf/lib/private/fs');
import moduleAsset = require('cdktf/lib/terraform-module-asset');

import { TerraceError } from '../base/errors';
import { sourceLineOf } from '../base/source-line';
import { zipFile } from '../base/zip-file';

/** What lies in a folder and belongs to whoever worked in it, not to its source. */
const working = new Set(['.terraform', '.terragrunt-cache', '.git', 'node_modules']);

/** A file of a folder: its path with `/`, and whether it can be run. */
interface FolderFile {
  readonly name: string;
  readonly file: string;
  readonly executable: boolean;
}

/** Files below a folder, sorted by path; links are followed. Raises E1320 for a link that leads to a folder around it. */
function filesOf(folder: string, below = '', around: readonly string[] = []): readonly FolderFile[] {
  const real = realpathSync(path.join(folder, below));
  if (around.includes(real))
    throw new TerraceError({
      code: 'E1320',
      title: 'endless folder',
      place: path.join(folder, below),
      found: `a link to ${real}, which contains it`,
      expected: 'links to files, or to folders elsewhere',
      todo: 'remove the link, or use a folder without it',
    });
  return readdirSync(real)
    .filter((name) => !working.has(name) && !/^(?:errored|terraform)\.tfstate(?:\.backup)?$/.test(name))
    .sort()
    .flatMap((name) => {
      const own = below === '' ? name : `${below}/${name}`;
      const file = path.join(real, name);
      const stat = statSync(file);
      if (stat.isDirectory()) return filesOf(folder, own, [...around, real]);
      return stat.isFile() ? [{ name: own, file, executable: (stat.mode & 0o111) !== 0 }] : [];
    });
}

/** The hash of an asset as cdktf writes it into paths: a file's content; names, modes and contents of a folder, and never times. */
export function assetHash(source: string): string {
  const hash = createHash('md5');
  if (statSync(source).isFile()) hash.update(readFileSync(source));
  else
    for (const { name, file, executable } of filesOf(source))
      hash.update(`${JSON.stringify([name, executable])}\n`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 32).toUpperCase();
}

function copyFolder(source: string, target: string): void {
  mkdirSync(target, { recursive: true });
  for (const { name, file } of filesOf(source)) {
    const copy = path.join(target, name);
    mkdirSync(path.dirname(copy), { recursive: true });
    copyFileSync(file, copy);
  }
}

function archive(source: string, target: string): void {
  writeFileSync(
    target,
    zipFile(filesOf(source).map(({ name, file, executable }) => ({ name, bytes: readFileSync(file), mode: executable ? 0o755 : 0o644 }))),
  );
}

/** Sources of modules in HCL that lie beside it. */
const localSource = /\bsource"?\s*[=:]\s*"(\.{1,2}\/[^"]*)"/g;

/** A module's folder and those of all local modules that it uses, directly or not; absolute. */
function moduleFolders(folder: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(folder)) return found;
  found.add(folder);
  for (const name of readdirSync(folder))
    if (/\.tf(?:\.json)?$/.test(name))
      for (const [, source = ''] of readFileSync(path.join(folder, name), 'utf8').matchAll(localSource)) {
        const used = path.resolve(folder, source);
        if (existsSync(used)) moduleFolders(used, found);
      }
  return found;
}

/**
 * The source of a local module as a unit writes it: a copy within the unit's folder, with the modules that it uses beside it as they lie in the
 * project. A source is relative to the project's folder. Raises E1319 where no module lies there.
 */
function localModule(scope: Construct, source: string): string {
  const stack = TerraformStack.of(scope);
  const folder = path.resolve(source);
  if (!existsSync(folder) || !readdirSync(folder).some((name) => /\.tf(?:\.json)?$/.test(name)))
    throw new TerraceError({
      code: 'E1319',
      title: 'local module not found',
      place: sourceLineOf(new Error('module').stack)?.text ?? stack.node.id,
      found: `no .tf file in ${source}`,
      expected: 'the folder of a module, relative to the project',
      todo: 'correct the source',
    });
  const folders = [...moduleFolders(folder)].sort();
  const root = folders.reduce(commonFolder);
  const id = `module-${path.relative(process.cwd(), folder).replaceAll(/[^A-Za-z0-9]+/g, '-')}`;
  const staged = path.join(App.of(stack).outdir, 'local-modules', `${stack.node.id}-${id}`);
  for (const one of folders) copyFolder(one, path.join(staged, path.relative(root, one)));
  const known = stack.node.tryFindChild(id);
  const asset = known instanceof TerraformAsset ? known : new TerraformAsset(stack, id, { path: staged, type: AssetType.DIRECTORY });
  return `./${path.posix.join(asset.path, path.relative(root, folder).split(path.sep).join('/'))}`;
}

function commonFolder(a: string, b: string): string {
  let common = a;
  while (!`${b}/`.startsWith(`${common}/`)) common = path.dirname(common);
  return common;
}

/** Replaces cdktf's own: its hash forgets names and modes, its archives hold times, and its local modules need cdktf-cli. */
function repairAssets(): void {
  if (typeof assetFiles.hashPath !== 'function' || typeof moduleAsset.TerraformModuleAsset.of !== 'function')
    throw new Error('cdktf/lib/private/fs has other functions: adapt terrace/tree/assets.ts to this version of cdktf');
  Object.assign(assetFiles, { hashPath: assetHash, copySync: copyFolder, archiveSync: archive });
  Object.assign(moduleAsset.TerraformModuleAsset, {
    of: (scope: Construct) => ({ getAssetPathForModule: (source: string) => localModule(scope, source) }),
  });
}

repairAssets();
