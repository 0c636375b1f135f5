import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

import { commandApart } from '../../base/apart';
import { sha256 } from '../../base/canonical';
import { failed } from '../problems';

import { linkPackages } from '../../git/link-packages';
import type { Repository } from '../../git/repository';
import { includePlannedFlag } from '../../model/planned';

/** Variables that a synthesis of another commit gets: its code runs without any credentials. */
const passedOn = /^(PATH|USER|LANG|LC_.*|TMPDIR|TEMP|TMP|SYSTEMROOT|NODE_OPTIONS|NODE_EXTRA_CA_CERTS|CI)$/;

/** Where synthesized trees of commits are kept, below the project's `.terrace/`. */
export function treeCache(root: string): string {
  return path.join(root, '.terrace', 'cache', 'trees');
}

/**
 * The folder with the synthesized tree of a commit, made with that commit's own code in a work tree of its own, and kept by the id of the
 * commit's content; with its planned environments where they are asked for, and a part of it where selectors name one. Raises E6059 with its output where it does not synthesize.
 */
export async function treeOfCommit(
  repository: Repository,
  commit: string,
  includePlanned = false,
  selectors: readonly string[] = [],
): Promise<string> {
  const part = selectors.length === 0 ? '' : `-${commit.slice(0, 12)}-${sha256(selectors.join(' ')).slice(0, 12)}`;
  const kept = path.join(treeCache(repository.root), `${repository.treeOf(commit)}${includePlanned ? '-planned' : ''}${part}`);
  if (existsSync(path.join(kept, 'synth.json'))) return kept;
  const made = `${kept}.${process.pid}.tmp`;
  mkdirSync(path.dirname(kept), { recursive: true });
  try {
    await withSource(repository, commit, (source) => synthesize(source, made, commit, includePlanned, selectors));
    rmSync(kept, { recursive: true, force: true });
    renameSync(made, kept);
    return kept;
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** Runs with the source of a commit in a folder of its own, which has the packages of the repository; removed afterwards. */
export async function withSource<T>(repository: Repository, commit: string, run: (source: string) => Promise<T>): Promise<T> {
  const scratch = path.join(repository.root, '.terrace', 'cache', `source-${commit.slice(0, 12)}-${process.pid}`);
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(path.dirname(scratch), { recursive: true });
  try {
    return await repository.withWorktree(commit, scratch, async () => {
      linkPackages(repository.root, scratch);
      const bindings = path.join(repository.root, '.gen');
      if (existsSync(bindings) && !existsSync(path.join(scratch, '.gen'))) symlinkSync(bindings, path.join(scratch, '.gen'), 'dir');
      return await run(scratch);
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A home of its own, where nothing is that somebody signs in with; git goes by the person's settings all the same. */
function environmentOf(source: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const settings = env['GIT_CONFIG_GLOBAL'] ?? path.join(homedir(), '.gitconfig');
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => passedOn.test(name))),
    HOME: path.join(source, '.terrace', 'home'),
    ...(existsSync(settings) ? { GIT_CONFIG_GLOBAL: settings } : {}),
  };
}

function synthesize(source: string, out: string, commit: string, includePlanned: boolean, selectors: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = environmentOf(source, process.env);
    const program = path.join(source, 'node_modules', 'terrace', 'bin', 'terrace.js');
    // The program may be one that the commit brings itself.
    const own = commandApart(source, process.execPath, [
      program,
      'synth',
      ...selectors,
      '--out',
      out,
      ...(includePlanned ? [includePlannedFlag] : []),
    ]);
    const child = spawn(own.program, own.args, {
      cwd: source,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          failed('E6059', {
            place: commit,
            found: Buffer.concat(chunks).toString('utf8').trim().split('\n').slice(0, 20).join('\n') || `synth ended with ${code}`,
            todo: 'fix the source in a new commit, or compare with another base: this one does not synthesize',
          }),
        );
    });
  });
}
