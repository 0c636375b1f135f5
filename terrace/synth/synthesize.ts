import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { readOptional } from '../base/read-optional';
import { isErrno } from '../base/errno';
import { refuse } from '../base/errors';
import { partOf, stackPartOf } from '../model/select';
import type { Model } from '../model/model';
import { buildTree, type BuiltTree, type Project } from '../tree/project';
import { environmentsFile } from '../delivery/approval/environment-facts';
import { syncEnvironmentsFile } from './environments-file';
import { writeCdktfOutput } from './cdktf-output';
import { nameProblems, type TerraformJson } from './name-limits';
import { writeModel } from '../model/model-file';
import { extractPublishedTree } from './published-tree';
import { removeSimulatedLockFiles } from './simulated-lock-files';
import { templateProblems, templatesOf } from './templates';
import { treeFiles, type TreeFile, type TreeFiles } from './tree-files';
import { compareFolder, readRecord, syncFolder } from './tree-store';
import { recordName } from './written-files';

export interface SynthesisOptions {
  /** The project's root; scratch folders go below its `.terrace/`. */
  readonly root: string;
  /** Without one, everything is selected. */
  readonly selectors: readonly string[];
  /** Folder of the live tree. */
  readonly out: string;
  /** Folder that cdktf-cli reads; undefined leaves it alone. */
  readonly cdktfOut?: string;
  readonly commit: string | null;
  readonly dirty: boolean;
  /** With the environments that are described and not built yet. @default false */
  readonly includePlanned?: boolean;
  /**
   * Compare and write nothing: with the disk, or with the branch that a system's `liveTree` names.
   * @default false
   */
  readonly check?: boolean;
  /** Write (or compare) the facts of environments at the project's root as well. @default false */
  readonly environments?: boolean;
  /**
   * Leave the folders in `cdktfOut` of stacks that are gone, and only take them out of the manifest: cdktf-cli lists the folders before it runs
   * the app, removes afterwards those that the manifest does not name, and fails where one is gone already.
   * @default false
   */
  readonly leaveOrphans?: boolean;
}

/** What a synthesis did (or, with `check`, would do); paths are relative to the live tree's folder, sorted. */
export interface SynthesisReport {
  readonly model: Model;
  /** Paths of the synthesized units. */
  readonly units: readonly string[];
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
}

/**
 * Synthesizes the selected part of a project into Terraform JSON, a live tree and `cdktf.out`.
 * Raises all problems of the tree at once, before anything is written.
 */
export async function synthesizeProject(project: Project, options: SynthesisOptions): Promise<SynthesisReport> {
  return withScratch(options.root, async (scratch) => {
    const { tree, files } = await synthesizeInMemory(project, { ...options, scratch });
    const isInPart = partOf(options.selectors);
    const changes: { readonly written: string[]; readonly removed: string[]; unchanged: number } = {
      written: [],
      removed: [],
      unchanged: 0,
    };
    const systems = new Set([
      ...tree.systems.map((system) => system.name),
      ...(options.selectors.length === 0 ? systemsOnDisk(options.out) : []),
    ]);
    for (const system of [...systems].sort()) {
      const part = { files: filesOf(files.live, system), isInPart: (name: string) => isInPart(`${system}/${name}`) };
      const liveTree = tree.systems.find((one) => one.name === system)?.liveTree;
      const isPublished = options.check === true && typeof liveTree === 'object' && options.cdktfOut !== undefined;
      const folder = isPublished
        ? extractPublishedTree(options.root, liveTree.branch, system, path.join(scratch, 'published'))
        : path.join(options.out, system);
      const report = options.check === true ? compareFolder(folder, part) : syncFolder(folder, part);
      changes.written.push(...report.written.map((name) => `${system}/${name}`));
      changes.removed.push(...report.removed.map((name) => `${system}/${name}`));
      changes.unchanged += report.unchanged;
      if (options.check !== true && part.files.length === 0 && readRecord(folder).size === 0)
        rmSync(path.join(folder, recordName), { force: true });
    }
    if (options.environments === true) {
      const differs = syncEnvironmentsFile(options.root, tree, {
        everything: options.selectors.length === 0,
        check: options.check ?? false,
      });
      if (differs) changes.written.push(environmentsFile);
      else changes.unchanged += 1;
    }
    if (options.check !== true) {
      const stacks =
        options.cdktfOut === undefined ? [] : tree.model.units.map((unit) => path.join(options.cdktfOut ?? '', 'stacks', unit.stackId));
      await removeSimulatedLockFiles([...tree.selected.map((unit) => path.join(options.out, unit)), ...stacks]);
      writeModel(options.out, tree.model, tree.selected, isInPart);
      if (options.cdktfOut !== undefined) {
        const inPart = stackPartOf(options.selectors);
        const described = new Set(tree.catalogue.map((one) => one.replaceAll('/', '-')));
        mkdirSync(options.cdktfOut, { recursive: true });
        writeCdktfOutput({
          scratch,
          outdir: options.cdktfOut,
          files: files.stacks,
          isInPart: (id) => inPart(id) && !described.has(id),
          leaveOrphans: options.leaveOrphans ?? false,
        });
      }
    }
    return { model: tree.model, units: tree.selected, ...changes };
  });
}

/** Builds and synthesizes without touching the output: what tests of synthesized values and `--check` of branches read. */
export async function synthesizeInMemory(
  project: Project,
  options: {
    readonly root: string;
    readonly selectors: readonly string[];
    readonly scratch: string;
    readonly commit: string | null;
    readonly dirty: boolean;
    readonly includePlanned?: boolean;
  },
): Promise<{ readonly tree: BuiltTree; readonly files: TreeFiles }> {
  const tree = await buildTree(project, options);
  const selected = new Set(tree.selected);
  tree.app.synthesizeStacks(tree.units.filter((unit) => selected.has(unit.path)));
  refuse(tree.app.problems);
  const files = treeFiles(tree, {
    scratch: options.scratch,
    lockFile: (system) => readOptional(path.join(options.root, 'stacks', system, '.terraform.lock.hcl')),
  });
  const units = files.live
    .filter((file) => path.posix.basename(file.path) === 'main.tf.json')
    .map((file): readonly [string, TerraformJson] => [path.posix.dirname(file.path), JSON.parse(file.content.toString('utf8'))]);
  refuse([...units.flatMap(([unit, json]) => nameProblems(unit, json)), ...(await templateProblems(options.root, templatesOf(units)))]);
  return { tree, files };
}

/** Runs with an empty scratch folder below the project's `.terrace/`, and removes it afterwards. */
export async function withScratch<T>(root: string, run: (scratch: string) => Promise<T>): Promise<T> {
  mkdirSync(path.join(root, '.terrace'), { recursive: true });
  const scratch = mkdtempSync(path.join(root, '.terrace', 'synth-'));
  try {
    return await run(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function filesOf(files: readonly TreeFile[], system: string): readonly TreeFile[] {
  return files.filter((file) => file.path.startsWith(`${system}/`)).map((file) => ({ ...file, path: file.path.slice(system.length + 1) }));
}

/** Systems that an earlier synth wrote, known by their record. */
function systemsOnDisk(out: string): readonly string[] {
  try {
    return readdirSync(out, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && readRecord(path.join(out, entry.name)).size > 0)
      .map((entry) => entry.name);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}
