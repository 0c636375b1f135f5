import { execFileSync } from 'node:child_process';
import path from 'node:path';

import { isErrno } from '../base/errno';
import { TerraceError } from '../base/errors';
import { messageOf } from '../base/message';
import { gitEnvironment } from '../git/git-environment';
import type { Model } from '../model/model';
import type { SynthesisOptions, SynthesisReport } from '../synth/synthesize';
import { compiledProject } from './load-project';
import { askSynthesizer } from './synthesizer';

/** The default folder of the live tree. */
export function liveRoot(root: string): string {
  return path.join(root, 'live');
}

/** The model of the selected units and everything they depend on, without writing a tree; planned environments are left out by default. */
export async function loadModel(root: string, selectors: readonly string[] = [], includePlanned = false): Promise<Model> {
  const answer = await orUnwritable(path.join(root, '.terrace'), async () => {
    compiledProject(root);
    return askSynthesizer(root, { kind: 'model', root, selectors, includePlanned });
  });
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
  /** With the environments that are described and not built yet. @default false */
  readonly includePlanned?: boolean;
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
    includePlanned: request.includePlanned ?? false,
    ...sourceRevision(root),
  });
}

/**
 * Synthesizes the same part once more as somebody else would, with another home, user, clock, time zone and locale, and compares. Raises E3305 where
 * the tree is another one.
 */
export async function synthesizeElsewhere(root: string, selectors: readonly string[], out: string, includePlanned: boolean): Promise<void> {
  const { written, removed } = await synthesizeApart({ root, selectors, out, check: true, includePlanned, ...sourceRevision(root) }, true);
  const differing = [...written, ...removed];
  if (differing.length > 0)
    throw new TerraceError({
      code: 'E3305',
      title: 'source depends on who synthesizes it',
      place: out,
      found: `another home, user, clock, time zone and locale give another tree:\n${differing
        .slice(0, 10)
        .map((file) => `  ${file}`)
        .join('\n')}${differing.length > 10 ? `\n  and ${differing.length - 10} more` : ''}`,
      expected: 'a tree that depends only on its files',
      todo: 'find out what in these files comes from the computer that made them; fromOutside() marks where the source reads from outside',
    });
}

/** Synthesizes in a process of its own. */
export async function synthesizeApart(options: SynthesisOptions, elsewhere = false): Promise<SynthesisReport> {
  const answer = await orUnwritable(options.out, async () => {
    // Compiled here already: what does not compile is said once, by this process.
    compiledProject(options.root);
    return askSynthesizer(options.root, { kind: 'synthesize', options }, elsewhere);
  });
  if (answer.kind !== 'synthesized') throw new Error(`a synthesis was asked for, and the answer was ${answer.kind}`);
  return answer.report;
}

/** Raises E3204 where the work fails because a place cannot be written. */
async function orUnwritable<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!isErrno(cause, 'ENOTDIR', 'EEXIST', 'EACCES', 'EPERM', 'EROFS', 'ENOSPC')) throw cause;
    throw new TerraceError(
      {
        code: 'E3204',
        title: 'tree cannot be written',
        place,
        found: messageOf(cause, place),
        expected: 'a writable folder with free space, existing or not; `.terrace` in the project must be writable too',
        todo: 'choose another folder with --out, or free some space; the same command then completes the tree',
      },
      undefined,
      { cause },
    );
  }
}

/** Commit of the source, and whether the work tree differs from it; null outside a repository or before its first commit. */
export function sourceRevision(root: string): { readonly commit: string | null; readonly dirty: boolean } {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: gitEnvironment(process.env),
    }).trim();
  try {
    return {
      commit: git('rev-parse', 'HEAD'),
      dirty: git('status', '--porcelain', '--untracked-files=normal', '--ignore-submodules=none') !== '',
    };
  } catch {
    return { commit: null, dirty: true };
  }
}
