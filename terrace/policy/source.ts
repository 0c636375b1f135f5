import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { messageOf } from '../base/message';
import { exitCodes, TerraceError } from '../base/errors';
import { gitEnvironment } from '../git/git-environment';
import { openRepository } from '../git/repository';

const execute = promisify(execFile);

/** Runs git on a repository, which is what its objects say whatever the shell does. */
async function git(repository: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execute('git', ['-C', repository, ...args], { maxBuffer: 16 * 1024 * 1024, env: gitEnvironment(process.env) });
  return stdout;
}

/** Names of the policies of a commit, in full. */
async function policyNames(repository: string, commit: string): Promise<readonly string[]> {
  const names = await git(repository, 'ls-tree', '-r', '-z', '--full-tree', '--name-only', commit, '--', 'policies/');
  return names.split('\0').filter(isPolicyFile);
}

/** The files of a policies folder, as they were read from where nobody who made the change could write. */
export interface PolicySource {
  /** `policies at origin/main`, or the folder. */
  readonly place: string;
  /** Name within the folder → text. */
  readonly files: ReadonlyMap<string, string>;
  /** The TypeScript among them, compiled already by `terrace policy compile`. */
  readonly script?: string;
}

function isPolicyFile(name: string): boolean {
  return (name.endsWith('.ts') && !name.endsWith('.d.ts')) || name.endsWith('.rego');
}

/** True where a commit has policies at all. */
export async function hasPolicies(repository: string, commit: string): Promise<boolean> {
  return (await policyNames(repository, commit)).length > 0;
}

/** True where a folder has policies at all. */
export async function holdsPolicies(folder: string): Promise<boolean> {
  return (await readdir(folder, { recursive: true })).some(isPolicyFile);
}

/** `policies/` of a commit, by default of the protected branch. Raises E7101 where the commit or the folder does not exist (exit 3). */
export async function policiesAtRef(repository: string, ref: string): Promise<PolicySource> {
  try {
    // Resolved first, in full: a tag, an option or a path cannot be taken for the branch.
    const commit = openRepository(repository)?.commitOf(ref) ?? ref;
    const names = await policyNames(repository, commit);
    const files = await Promise.all(
      names.map(async (name) => [name.slice('policies/'.length), await git(repository, 'show', `${commit}:${name}`)] as const),
    );
    if (files.length > 0) return { place: `policies at ${ref}`, files: new Map(files) };
  } catch (cause) {
    throw missing(
      ref,
      messageOf(cause)
        .split('\n')
        .find((line) => line.startsWith('fatal')) ?? messageOf(cause),
      cause,
    );
  }
  throw missing(ref, 'the commit has no policies/');
}

/** A folder of policies that the caller fetched from the protected branch, or what `terrace policy compile` made of one. Raises E7101 (exit 3). */
export async function policiesInFolder(folder: string): Promise<PolicySource> {
  try {
    if ((await stat(folder)).isFile()) return compiledPolicies(await readFile(folder, 'utf8'));
    const names = (await readdir(folder, { recursive: true }))
      .map((name) => name.split(path.sep).join('/'))
      .filter(isPolicyFile)
      .toSorted();
    const files = await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name), 'utf8')] as const));
    if (files.length > 0) return { place: folder, files: new Map(files) };
  } catch (cause) {
    throw missing(folder, messageOf(cause, folder), cause);
  }
  throw missing(folder, 'it contains no policy');
}

/** First line of compiled policies: what else their source holds. */
const compiledHead = '// terrace policies 1 ';

/** What `terrace policy compile` writes: the script of all TypeScript policies, with the Rego ones in its first line. */
export function compiledText(source: PolicySource, script: string): string {
  const rego = Object.fromEntries([...source.files].filter(([name]) => name.endsWith('.rego')));
  return `${compiledHead}${JSON.stringify({ place: source.place, rego })}\n${script}`;
}

function compiledPolicies(text: string): PolicySource {
  const end = text.indexOf('\n');
  if (!text.startsWith(compiledHead) || end === -1) throw new Error('not what `terrace policy compile` writes');
  const { place, rego }: { readonly place: string; readonly rego: Readonly<Record<string, string>> } = JSON.parse(
    text.slice(compiledHead.length, end),
  );
  return { place, files: new Map(Object.entries(rego)), script: text.slice(end + 1) };
}

function missing(place: string, found: string, cause?: unknown): TerraceError {
  return new TerraceError(
    {
      code: 'E7101',
      title: 'no policies',
      place,
      found,
      expected: 'policies/*.ts or *.rego',
      todo: 'name the protected branch (--policy-ref origin/main), or a folder fetched from it (--policies DIR)',
    },
    exitCodes.refused,
    { cause },
  );
}
