import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { messageOf } from '../base/message';
import { exitCodes, TerraceError } from '../base/errors';

const run = promisify(execFile);

/** The files of a policies folder, as they were read from where nobody who made the change could write. */
export interface PolicySource {
  /** `policies at origin/main`, or the folder. */
  readonly place: string;
  /** Name within the folder → text. */
  readonly files: ReadonlyMap<string, string>;
}

function isPolicyFile(name: string): boolean {
  return (name.endsWith('.ts') && !name.endsWith('.d.ts')) || name.endsWith('.rego');
}

/** `policies/` of a commit, by default of the protected base. Raises E7101 where the commit or the folder does not exist (exit 3). */
export async function policiesAtRef(repository: string, ref: string): Promise<PolicySource> {
  const git = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await run('git', ['-C', repository, ...args], { maxBuffer: 16 * 1024 * 1024 });
    return stdout;
  };
  try {
    // Resolved first, so that a ref that looks like an option or a path cannot be taken for one.
    const commit = (await git('rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`)).trim();
    const names = (await git('ls-tree', '-r', '-z', '--name-only', commit, '--', 'policies/')).split('\0').filter(isPolicyFile);
    const files = await Promise.all(
      names.map(async (name) => [name.slice('policies/'.length), await git('show', `${commit}:${name}`)] as const),
    );
    if (files.length > 0) return { place: `policies at ${ref}`, files: new Map(files) };
  } catch (cause) {
    throw missing(
      ref,
      cause instanceof Error ? (cause.message.split('\n').find((line) => line.startsWith('fatal')) ?? cause.message) : String(cause),
      cause,
    );
  }
  throw missing(ref, 'the commit has no policies/');
}

/** A folder of policies that the caller fetched from the protected base. Raises E7101 (exit 3). */
export async function policiesInFolder(folder: string): Promise<PolicySource> {
  try {
    const names = (await readdir(folder, { recursive: true }))
      .map((name) => name.split(path.sep).join('/'))
      .filter(isPolicyFile)
      .toSorted();
    const files = await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name), 'utf8')] as const));
    if (files.length > 0) return { place: folder, files: new Map(files) };
  } catch (cause) {
    throw missing(folder, messageOf(cause), cause);
  }
  throw missing(folder, 'it holds no policy');
}

function missing(place: string, found: string, cause?: unknown): TerraceError {
  return new TerraceError(
    {
      code: 'E7101',
      title: 'no policies',
      place,
      found,
      expected: 'policies/*.ts or *.rego',
      todo: 'name the protected base (--policy-ref origin/main), or a folder fetched from it (--policies DIR)',
    },
    exitCodes.refused,
    { cause },
  );
}
