import { randomBytes } from 'node:crypto';
import { mkdtempSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { exitCodes, TerraceError } from '../base/errors';
import { copyData } from './daemon/copying';
import { isAlive } from '../base/living-process';
import { askCopy, askDaemon, type DaemonStatus, isDaemonOf } from './daemon/daemon-record';
import { prepareDaemon, startDaemon, stopDaemon } from './daemon/daemon-process';
import { layoutOf } from './daemon/layout';
import { makeSettings, readSettings, type SandboxSettings } from './daemon/settings';

/** Where forks are made, and of what. */
export interface ForkOptions {
  /** Folder of the project; its forks stand in `.sandbox/forks/`. */
  readonly project: string;
  /** Folder of the sandbox whose data the fork begins with. @default none: an empty world */
  readonly from?: string;
  /** @default a name that no other fork has */
  readonly name?: string;
  /** Process with which the fork ends: its daemon stops and its folder goes. @default nothing, it stays until it is ended */
  readonly owner?: number;
  /** Fills the fork before its daemon runs. @default nothing */
  readonly fill?: (dir: string, settings: SandboxSettings) => void | Promise<void>;
}

/** A fork as it stands. */
export interface Fork {
  readonly name: string;
  readonly dir: string;
  readonly state: 'running' | 'stopped';
  readonly port: number;
  /** Folder of the sandbox it was copied from. */
  readonly from?: string;
  /** Process with which it ends. */
  readonly owner?: number;
}

/**
 * Makes a world of its own, with the data that another sandbox holds at this moment, on other ports and under another secret, and starts it.
 * Id and generated values are those of the original, so that states and variables fit. Raises E5009 where the original is none or cannot be
 * copied, E5010 for a name that is taken or is none, E5002 where its daemon does not come up; what was begun is removed then.
 */
export async function createFork({ project, from, name, owner, fill }: ForkOptions): Promise<Fork> {
  const origin = from === undefined ? undefined : originOf(path.resolve(from));
  await sweepForks(project);
  const dir = makeFolder(forksFolder(project), name);
  const daemon = prepareDaemon(dir, project);
  try {
    const settings = await makeSettings(dir, {
      id: origin?.settings.id ?? randomBytes(6).toString('hex'),
      generation: origin?.settings.generation ?? 0,
      fork: { ...(origin === undefined ? {} : { from: origin.dir }), ...(owner === undefined ? {} : { owner }) },
    });
    if (origin !== undefined) await copyFrom(origin.dir, origin.settings, dir);
    await fill?.(dir, settings);
    return forkOf(dir, settings, await startDaemon(dir, project, settings, daemon));
  } catch (error) {
    daemon.cancel();
    await endFork(dir).catch(() => undefined);
    rmSync(dir, { recursive: true, force: true });
    throw error;
  }
}

/** The forks of a project, sorted by name; those whose owner has ended without them are removed first. */
export async function listForks(project: string): Promise<readonly Fork[]> {
  await sweepForks(project);
  return Promise.all(
    foldersOf(project).map(async ({ dir, settings }) => {
      const daemon = await askDaemon(dir, settings.port);
      return forkOf(dir, settings, daemon !== undefined && isDaemonOf(daemon, dir, settings.id) ? daemon : undefined);
    }),
  );
}

/** Stops the daemon of a fork and removes its folder with everything in it; false where there is no fork. Raises E5005. */
export async function endFork(dir: string): Promise<boolean> {
  const settings = readSettings(dir);
  if (settings?.fork === undefined) return false;
  await stopDaemon(dir, settings);
  rmSync(dir, { recursive: true, force: true });
  return true;
}

/** Ends forks by their names, or all of them; gives the names of those that were ended. Raises E5011 for a name that no fork has. */
export async function endForks(project: string, names: readonly string[] | 'all'): Promise<readonly string[]> {
  const forks = foldersOf(project);
  const known = forks.map(({ dir }) => path.basename(dir));
  const unknown = names === 'all' ? [] : names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new TerraceError(
      {
        code: 'E5011',
        title: 'no such fork',
        place: unknown.join(', '),
        found: known.length === 0 ? 'there are no forks' : `the forks are ${known.join(', ')}`,
        todo: 'npx --no terrace sandbox forks lists them',
      },
      exitCodes.wrongUsage,
    );
  const ended = names === 'all' ? known : [...new Set(names)].toSorted();
  for (const name of ended) await endFork(path.join(forksFolder(project), name));
  return ended;
}

function forksFolder(project: string): string {
  return layoutOf(path.join(project, '.sandbox')).forks;
}

/** Forks of processes that have ended, and were killed together with the fork's daemon. */
async function sweepForks(project: string): Promise<void> {
  for (const { dir, settings } of foldersOf(project))
    if (settings.fork?.owner !== undefined && !isAlive(settings.fork.owner)) await endFork(dir);
}

function foldersOf(project: string): readonly { readonly dir: string; readonly settings: SandboxSettings }[] {
  const folder = forksFolder(project);
  let names: readonly string[];
  try {
    names = readdirSync(folder).toSorted();
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const dir = path.join(folder, name);
    const settings = readSettings(dir);
    return settings === undefined ? [] : [{ dir, settings }];
  });
}

function forkOf(dir: string, { port, fork }: SandboxSettings, daemon: DaemonStatus | undefined): Fork {
  return { name: path.basename(dir), dir, state: daemon === undefined ? 'stopped' : 'running', port, ...fork };
}

function originOf(dir: string): { readonly dir: string; readonly settings: SandboxSettings } {
  const settings = readSettings(dir);
  if (settings !== undefined) return { dir, settings };
  throw notCopied(dir, 'there is no sandbox in this folder');
}

/** The data as they are between two requests: a daemon that runs copies them itself. */
async function copyFrom(from: string, settings: SandboxSettings, to: string): Promise<void> {
  const daemon = await askDaemon(from, settings.port);
  if (daemon === undefined || !isDaemonOf(daemon, from, settings.id)) return copyData(from, to);
  if (!(await askCopy(from, settings.port, settings.id, to)))
    throw notCopied(from, 'its daemon did not copy it: it is still starting, or is of another version');
}

function notCopied(dir: string, found: string): TerraceError {
  return new TerraceError({
    code: 'E5009',
    title: 'sandbox not copied',
    place: dir,
    found,
    todo: 'start it first: npx --no terrace sandbox start; or name another one with --from',
  });
}

function makeFolder(folder: string, name: string | undefined): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (name === undefined) return mkdtempSync(path.join(folder, 'fork-'));
  const dir = path.join(folder, name);
  const wrong = /^[a-z0-9][a-z0-9-]{0,39}$/i.test(name) ? undefined : 'a name is letters, digits and hyphens, at most 40';
  try {
    if (wrong === undefined) mkdirSync(dir, { mode: 0o700 });
  } catch (cause) {
    throw nameProblem(name, 'a fork of this name already exists', cause);
  }
  if (wrong !== undefined) throw nameProblem(name, wrong);
  return dir;
}

function nameProblem(name: string, found: string, cause?: unknown): TerraceError {
  return new TerraceError(
    { code: 'E5010', title: 'invalid fork name', place: name, found, todo: 'choose another name, or none' },
    exitCodes.wrongUsage,
    { cause },
  );
}
