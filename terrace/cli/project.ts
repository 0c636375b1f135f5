import { execFileSync } from 'node:child_process';
import path from 'node:path';

import type { Model } from '../model/model';
import type { SynthesisOptions, SynthesisReport } from '../synth/synthesize';
import { includesPlanned } from './include-planned';
import { compiledProject } from './load-project';
import { askSynthesizer } from './synthesizer';

/** The default folder of the live tree. */
export function liveRoot(root: string): string {
  return path.join(root, 'live');
}

/** The model of the selected units and everything they depend on, without writing a tree. */
export async function loadModel(root: string, selectors: readonly string[] = []): Promise<Model> {
  compiledProject(root);
  const answer = await askSynthesizer(root, { kind: 'model', root, selectors, includePlanned: includesPlanned() });
  if (answer.kind !== 'modelled') throw new Error(`a model was asked for, and the answer was ${answer.kind}`);
  return answer.model;
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
  return synthesizeApart({
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

/** Synthesizes in a process of its own. */
export async function synthesizeApart(options: SynthesisOptions): Promise<SynthesisReport> {
  // Compiled here already: what does not compile is said once, by this process.
  compiledProject(options.root);
  const answer = await askSynthesizer(options.root, { kind: 'synthesize', options });
  if (answer.kind !== 'synthesized') throw new Error(`a synthesis was asked for, and the answer was ${answer.kind}`);
  return answer.report;
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
