import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { isErrno } from '../base/errno';
import type { BuiltTree } from '../tree/project';
import type { Unit } from '../tree/unit';
import { accountHcl, envcommonHcl, envHcl, regionHcl, rootHcl, unitHcl } from './live-files';
import { lockFilePart } from './lock-file';

/** One file of the output: content by its path with `/`, relative to the output's root. */
export interface TreeFile {
  readonly path: string;
  readonly content: Buffer;
  readonly executable?: boolean;
}

/** What a synthesis writes: the live tree, and the folders cdktf reads. Each list is sorted by path. */
export interface TreeFiles {
  /** Below `live/`. */
  readonly live: readonly TreeFile[];
  /** Below `cdktf.out/`; without `manifest.json`. */
  readonly stacks: readonly TreeFile[];
}

export interface TreeFilesOptions {
  /** The folder in which cdktf synthesized. */
  readonly scratch: string;
  /** Text of a system's committed `.terraform.lock.hcl`, where it has one. */
  readonly lockFile: (system: string) => string | undefined;
}

/** All files of the selected units, of the folders above them, and of the environments that the selection covers whole. */
export function treeFiles(tree: BuiltTree, options: TreeFilesOptions): TreeFiles {
  const selected = new Set(tree.selected);
  const units = tree.units.filter((unit) => selected.has(unit.path));
  const live: TreeFile[] = [];
  const stacks: TreeFile[] = [];
  const add = (name: string, content: string): void => void live.push({ path: name, content: Buffer.from(content) });
  for (const system of tree.systems) {
    const own = units.filter((unit) => unit.region.environment.system === system);
    if (own.length === 0) continue;
    add(`${system.name}/root.hcl`, rootHcl(system));
    for (const [layer, values] of system.envcommon) add(`${system.name}/_envcommon/${layer}.hcl`, envcommonHcl(values));
    for (const environment of new Set(own.map((unit) => unit.region.environment))) {
      add(`${environment.path}/account.hcl`, accountHcl(environment));
      add(`${environment.path}/env.hcl`, envHcl(environment));
      if (tree.catalogue.filter((one) => one.startsWith(`${environment.path}/`)).every((one) => selected.has(one)))
        for (const artifact of environment.artifacts())
          live.push({
            path: `${environment.path}/artifacts/${artifact.path}`,
            content: Buffer.from(artifact.content),
            executable: artifact.executable,
          });
    }
    for (const region of new Set(own.map((unit) => unit.region))) add(`${region.path}/region.hcl`, regionHcl(region));
    const layers = new Set(system.envcommon.keys());
    const lock = options.lockFile(system.name);
    for (const unit of own) {
      const files = unitFiles(unit, options.scratch, lock);
      live.push(...files.map((file) => ({ ...file, path: `${unit.path}/${file.path === 'cdk.tf.json' ? 'main.tf.json' : file.path}` })));
      stacks.push(...files.map((file) => ({ ...file, path: `stacks/${unit.node.id}/${file.path}` })));
      add(`${unit.path}/terragrunt.hcl`, unitHcl(unit, layers));
    }
  }
  return { live: live.sort(byPath), stacks: stacks.sort(byPath) };
}

/** The assets, the JSON and the unit's part of the lock file. */
function unitFiles(unit: Unit, scratch: string, lock: string | undefined): readonly TreeFile[] {
  const folder = path.join(scratch, 'stacks', unit.node.id);
  const { text } = unit.synthesizer;
  const assets = filesBelow(folder).map((name) => {
    const file = path.join(folder, name);
    return { path: name, content: readFileSync(file), ...((statSync(file).mode & 0o111) === 0 ? {} : { executable: true }) };
  });
  const files = [...assets, { path: 'cdk.tf.json', content: Buffer.from(text) }];
  if (lock === undefined) return files;
  const json: { terraform?: { required_providers?: Record<string, { source?: string }> } } = JSON.parse(text);
  const sources = Object.values(json.terraform?.required_providers ?? {}).flatMap(({ source }) => source ?? []);
  return [...files, { path: '.terraform.lock.hcl', content: Buffer.from(lockFilePart(lock, sources)) }];
}

/** Relative paths with `/` of all files below a folder, sorted; empty when it does not exist. */
export function filesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
      .sort();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

function byPath(a: TreeFile, b: TreeFile): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
