import { execFileSync } from 'node:child_process';
import path from 'node:path';

import { TerraceError } from '../base/errors';
import type { Model } from '../model/model';
import { packageRoot } from '../base/package-file';
import type { SynthesisReport } from '../synth/synthesize';
import type { Project } from '../tree/project';
import { includesPlanned } from './include-planned';

/** The default folder of the live tree. */
export function liveRoot(root: string): string {
  return path.join(root, 'live');
}

/** Compiles the project's sources; gives the folder of the compiled modules. */
export function compiledProject(root: string): string {
  // The compiler is plain JavaScript beside the compiled package: it runs before anything is compiled.
  const { compileProject }: typeof import('../bin/compile') = require(path.join(packageRoot(), 'bin', 'compile.js'));
  return compileProject(root);
}

/** The project that `main.ts` exports. Raises E0004 when it exports none. */
export function loadProject(root: string): Project {
  const { project }: { readonly project?: Project } = require(path.join(compiledProject(root), 'main'));
  if (project === undefined)
    throw new TerraceError({
      code: 'E0004',
      title: 'no project in main.ts',
      place: 'main.ts',
      found: 'no export called project',
      expected: 'export const project: Project',
      todo: 'export the systems of this repository',
    });
  return project;
}

/** The model of the selected units and everything they depend on, without writing a tree. */
export async function loadModel(root: string, selectors: readonly string[] = []): Promise<Model> {
  const { buildTree } = await import('../tree/project');
  const { withScratch } = await import('../synth/synthesize');
  const tree = await withScratch(root, (scratch) =>
    buildTree(loadProject(root), { selectors, scratch, commit: null, dirty: false, includePlanned: includesPlanned() }),
  );
  return tree.model;
}

export interface SynthesizeRequest {
  readonly selectors: readonly string[];
  /** Folder of the tree. With one, `cdktf.out/` is left alone. @default live/ */
  readonly out?: string;
  /** Write nothing, only compare. @default false */
  readonly check?: boolean;
  /** The facts of environments at the root as well. @default false */
  readonly environments?: boolean;
}

/** Synthesizes the selected part of the project in `root`. */
export async function synthesize(root: string, request: SynthesizeRequest): Promise<SynthesisReport> {
  const { synthesizeProject } = await import('../synth/synthesize');
  return synthesizeProject(loadProject(root), {
    root,
    selectors: request.selectors,
    out: request.out ?? liveRoot(root),
    ...(request.out === undefined ? { cdktfOut: path.join(root, 'cdktf.out') } : {}),
    check: request.check ?? false,
    environments: request.environments ?? false,
    includePlanned: includesPlanned(),
    ...sourceRevision(root),
  });
}

/** Commit of the source, and whether the work tree differs from it; null outside a repository or before its first commit. */
export function sourceRevision(root: string): { readonly commit: string | null; readonly dirty: boolean } {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return { commit: git('rev-parse', 'HEAD'), dirty: git('status', '--porcelain') !== '' };
  } catch {
    return { commit: null, dirty: true };
  }
}
