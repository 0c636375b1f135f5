import path from 'node:path';

import { parseStrictJson } from '../../base/strict-json';
import type { UnitFiles } from '../../model/content-digest';
import { scopesOf, type Scope } from '../../terraform/scope';

import { hclFiles, type HclFile } from './hcl-files';
import { isInside } from './inside';

const rootFile = 'main.tf.json';

/** The folder below the unit's that a module is taken from; undefined for one from elsewhere. */
export function moduleFolder(from: string, source: unknown): string | undefined {
  // OpenTofu computes a source: which folder it means stands nowhere.
  const isLiteral = typeof source === 'string' && !/[$%]\{/.test(source);
  const folder = isLiteral && /^\.\.?\//.test(source) ? path.posix.join(from, source).replace(/\/$/, '') : undefined;
  return folder !== undefined && isInside(folder) ? folder : undefined;
}

/** The files of configuration right in a folder. */
export function configurationIn(files: UnitFiles, folder: string): readonly string[] {
  return [...files.keys()].filter((file) => path.posix.dirname(file) === folder && /\.(?:tf|tofu)(?:\.json)?$/.test(file));
}

/** A file of configuration as the JSON that says the same. Raises a `SyntaxError` for what cannot be read. */
export function documentOf(name: string, files: UnitFiles, hcl: ReadonlyMap<string, HclFile>): unknown {
  if (name.endsWith('.json')) return parseStrictJson(new TextDecoder('utf-8', { fatal: true }).decode(files.get(name)));
  const read = hcl.get(name);
  if (read === undefined) throw new SyntaxError('HCL that was not read');
  if ('problem' in read) throw new SyntaxError(read.problem);
  return read.document;
}

/** What names mean in a unit and in the modules of its folder, from files that can be read. */
export function scopesOfFiles(files: UnitFiles, hcl: ReadonlyMap<string, HclFile>, root = documentOf(rootFile, files, hcl)): Scope {
  return scopesOf([root], (from, source) => {
    const folder = moduleFolder(from, source);
    if (folder === undefined) return undefined;
    return { folder, documents: configurationIn(files, folder).map((name) => documentOf(name, files, hcl)) };
  });
}

/** The same for a unit that was judged. `root` stands for its own document, where mocks were put in. */
export async function unitScopes(files: UnitFiles, root?: unknown): Promise<Scope> {
  return scopesOfFiles(files, await hclFiles(files), root);
}
