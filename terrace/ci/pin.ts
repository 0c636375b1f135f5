import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { exitCodes, TerraceError } from '../base/errors';
import { isObject } from '../base/json';
import { messageOf } from '../base/message';
import { linkPackages } from '../git/link-packages';
import type { Repository } from '../git/repository';

/** The program that plans and applies in pipelines: the commit that it is built from, and the SHA-256 of the one file. */
export interface ProgramPin {
  /** 40 hex digits. */
  readonly commit: string;
  /** 64 hex digits. */
  readonly sha256: string;
}

export const pinFile = 'ci/terrace.json';

/** The pin of a work tree; undefined where it has none. Raises E0506 for one that is no pin. */
export function readPin(root: string): ProgramPin | undefined {
  const file = path.join(root, pinFile);
  if (!existsSync(file)) return undefined;
  const pin = parsedPin(readFileSync(file, 'utf8'));
  if (pin !== undefined) return pin;
  throw new TerraceError({
    code: 'E0506',
    title: 'pipeline is not set up',
    place: pinFile,
    found: 'it needs a commit (40 hexadecimal digits) and a sha256 (64 hexadecimal digits)',
    todo: 'terrace ci pin',
  });
}

function parsedPin(text: string): ProgramPin | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { commit, sha256 } = value;
  if (typeof commit !== 'string' || !/^[0-9a-f]{40}$/.test(commit)) return undefined;
  return typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256) ? { commit, sha256 } : undefined;
}

/** Writes the pin of a work tree. */
export function writePin(root: string, pin: ProgramPin): void {
  writeFileSync(path.join(root, pinFile), `${JSON.stringify(pin, null, 2)}\n`);
}

/**
 * Builds the program of a commit as the job `judge` does (`npm ci --ignore-scripts`, `npm run program`) in a work tree of its own, and gives
 * its digest. The installed packages are taken where the commit's lock file is the one that they were installed from: the same packages give
 * the same bytes. Raises E0505 with what npm said.
 */
export async function pinOf(repository: Repository, commit: string): Promise<ProgramPin> {
  const folder = mkdtempSync(path.join(tmpdir(), 'terrace-pin-'));
  const tree = path.join(folder, 'tree');
  const out = path.join(folder, 'terrace.cjs');
  try {
    return await repository.withWorktree(commit, tree, async () => {
      if (isInstalledFrom(repository, commit)) linkPackages(repository.root, tree);
      else npm(commit, tree, ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
      npm(commit, tree, ['run', '--silent', 'program', '--', '--out', out]);
      return { commit, sha256: createHash('sha256').update(readFileSync(out)).digest('hex') };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** True where the packages of the work tree were installed from the lock file that a commit has. */
export function isInstalledFrom(repository: Repository, commit: string): boolean {
  const own = path.join(repository.root, 'package-lock.json');
  return existsSync(own) && repository.fileAt(commit, 'package-lock.json') === readFileSync(own, 'utf8');
}

function npm(commit: string, cwd: string, args: readonly string[]): void {
  try {
    execFileSync('npm', [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (cause) {
    const words = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'stderr') : undefined;
    throw new TerraceError(
      {
        code: 'E0505',
        title: 'program cannot be built',
        place: commit,
        found: `npm ${args[0]}: ${String(words ?? '').trim() || messageOf(cause)}`,
        expected: 'a commit whose package.json has the script `program`',
        todo: 'read the message of npm, or pin another commit',
      },
      exitCodes.failed,
      { cause },
    );
  }
}
