import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import path from 'node:path';

import { exitCodes, TerraceError, type ExitCode } from '../base/errors';
import { messageOf } from '../base/message';
import { changedLines, type ChangedLine } from './changed-lines';
import { gitEnvironment } from './git-environment';
import { authorsFormat, commitsIn, platformAddress } from './logged-commits';

/** A repository, read through git. */
export interface Repository {
  readonly root: string;
  /** The commit that a name means. Raises E6030. */
  commitOf(name: string): string;
  /** True where the commit is in this clone. */
  has(commit: string): boolean;
  /** Id of the commit's whole content: two commits of the same content share it. */
  treeOf(commit: string): string;
  /** Files that differ between two commits, or between a commit and the work tree (`head` undefined, untracked files included); sorted. */
  changedFiles(base: string, head?: string): readonly string[];
  /** Lines that differ between them, in files below the folders; of untracked files every line. */
  changedLines(base: string, head: string | undefined, folders: readonly string[]): readonly ChangedLine[];
  /** True where a commit is the head, or one of its ancestors. */
  isAncestor(commit: string, head: string): boolean;
  /** Commits of the head's own line that change files below the folders, the newest first; at most `limit`. */
  commitsOf(head: string, folders: readonly string[], limit: number, changing?: string): readonly string[];
  /** Name of a branch that has the commit; undefined where none does. */
  branchOf(commit: string): string | undefined;
  /** Last commit that both have; the base itself where there is none. */
  mergeBase(base: string, head: string): string;
  /**
   * Addresses of authors, committers and co-authors of the commits in `base..head` (of `head` alone without a base) that change a file that
   * counts, lower case, sorted. A merge changes what differs from git's own merge of its parents. A platform's addresses are nobody's.
   */
  authors(head: string, base?: string, counts?: (file: string) => boolean): readonly string[];
  /** True where the clone lacks the history before some commit. */
  isShallow(): boolean;
  /** True where the clone lacks what comes before a commit of `base..head`: nobody can say what else is in it. */
  isCutOff(base: string, head: string): boolean;
  /** The branch that the remote `origin` calls its own (`refs/remotes/origin/main`); undefined where that is not known. */
  remoteBranch(): string | undefined;
  /** Commits of the head's own line that change one file, the newest first; at most `limit`. */
  commitsChanging(head: string, file: string, limit: number): readonly string[];
  /** Text of a file at a commit; undefined where it does not exist. */
  fileAt(commit: string, file: string): string | undefined;
  /** Runs with a work tree of a commit in a folder, which is removed afterwards. */
  withWorktree<T>(commit: string, folder: string, run: () => Promise<T>): Promise<T>;
}

/** A hook may be a file of the change (`core.hooksPath` of `.husky`), and git runs it with whatever the shell has. */
const unhooked = ['-c', `core.hooksPath=${devNull}`, '-c', 'core.fsmonitor=false', '-c', 'diff.relative=false'];

/** The repository that holds a folder, or that the folder is (a bare one, whose work tree no question can be about); undefined where there is none, or no git. */
export function openRepository(folder: string): Repository | undefined {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', [...unhooked, ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 256 * 1024 * 1024,
      env: gitEnvironment(process.env),
    });
  let root: string;
  try {
    root =
      git('rev-parse', '--is-bare-repository').trim() === 'true'
        ? git('rev-parse', '--absolute-git-dir').trim()
        : git('rev-parse', '--show-toplevel').trim();
  } catch {
    return undefined;
  }
  const commitAt = (revision: string): string | undefined => {
    try {
      return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`).trim();
    } catch {
      return undefined;
    }
  };
  const commitOf = (name: string): string => {
    const [, ref = '', steps = ''] = /^([^~^]*)((?:[~^]\d*)*)$/.exec(name) ?? [];
    const meant = new Map(
      fullNames(ref).flatMap((one) => {
        const at = commitAt(one);
        return at === undefined || (isShortId(ref) && !at.startsWith(ref)) ? [] : [[at, one] as const];
      }),
    );
    if (meant.size > 1)
      throw unknownCommit(
        name,
        `two branches of this name that are not the same: ${[...meant].map(([at, one]) => `${one} at ${at.slice(0, 12)}`).join(', ')}`,
        'give the full name, as in refs/remotes/origin/main; who named a local branch like a remote one may have meant to be taken for it',
        exitCodes.wrongUsage,
      );
    const [found] = meant.keys();
    const commit = found === undefined || steps === '' ? found : commitAt(`${found}${steps}`);
    if (commit !== undefined) return commit;
    throw unknownCommit(
      name,
      'this repository has no commit with this id and no branch with this name (tags are not accepted: anybody can move one)',
      'fetch it first (git fetch origin main); CI clones need `fetch-depth: 0`',
      exitCodes.wrongUsage,
    );
  };
  const names = (text: string): readonly string[] => text.split('\0').filter((name) => name !== '');
  return {
    root,
    commitOf,
    has: (commit) => {
      try {
        git('cat-file', '-e', `${commit}^{commit}`);
        return true;
      } catch {
        return false;
      }
    },
    treeOf: (commit) => git('rev-parse', `${commit}^{tree}`).trim(),
    changedFiles: (base, head) => {
      const changed = names(
        git('diff', '--name-only', '--no-renames', '--ignore-submodules=none', '-z', base, ...(head === undefined ? [] : [head])),
      );
      const untracked = head === undefined ? names(git('ls-files', '--others', '--exclude-standard', '-z', '--full-name', ':/')) : [];
      return [...new Set([...changed, ...untracked])].toSorted();
    },
    changedLines: (base, head, folders) => {
      const below = folders.map((folder) => `:(top)${folder}`);
      const settings = [
        '--unified=0',
        '--no-color',
        '--no-renames',
        '--no-ext-diff',
        '--no-textconv',
        '--src-prefix=a/',
        '--dst-prefix=b/',
      ];
      const found = changedLines(
        git('-c', 'core.quotePath=false', 'diff', ...settings, base, ...(head === undefined ? [] : [head]), '--', ...below),
      );
      if (head !== undefined) return found;
      const added = names(git('ls-files', '--others', '--exclude-standard', '-z', '--full-name', '--', ...below));
      const lines = added.flatMap((file) =>
        readFileSync(path.join(root, file), 'utf8')
          .split('\n')
          .map((after, index) => ({ file, line: index + 1, beforeLine: 0, beforeLines: 0, before: '', after })),
      );
      return [...found, ...lines];
    },
    isAncestor: (commit, head) => {
      try {
        git('merge-base', '--is-ancestor', commit, head);
        return true;
      } catch {
        return false;
      }
    },
    commitsOf: (head, folders, limit, changing) =>
      git(
        'log',
        '--first-parent',
        '--format=%H',
        `--max-count=${limit}`,
        ...(changing === undefined ? [] : [`-G${changing}`]),
        head,
        '--',
        ...folders.map((folder) => `:(top)${folder}`),
      )
        .split('\n')
        .filter((line) => line !== ''),
    branchOf: (commit) => {
      try {
        return git('for-each-ref', '--format=%(refname:short)', '--contains', commit, 'refs/heads', 'refs/remotes')
          .split('\n')
          .find((name) => name !== '');
      } catch {
        return undefined;
      }
    },
    mergeBase: (base, head) => {
      try {
        return git('merge-base', base, head).trim();
      } catch {
        return base;
      }
    },
    authors: (head, base, counts = () => true) => {
      const range = base === undefined ? ['-1', head] : [`${base}..${head}`];
      const log = (merges: string): string =>
        git(
          '-c',
          'core.quotePath=false',
          '-c',
          'log.showSignature=false',
          'log',
          `--diff-merges=${merges}`,
          '--no-ext-diff',
          '--no-renames',
          '--ignore-submodules=none',
          '--name-only',
          `--format=${authorsFormat}`,
          ...range,
        );
      const commits = commitsIn(
        withOlderGit(
          () => log('remerge'),
          () => log('separate'),
        ),
      );
      const relevant = commits.filter(({ parents, files }) => parents > 2 || files.some(counts) || (parents < 2 && files.length === 0));
      return [...new Set(relevant.flatMap(({ addresses }) => addresses))].filter((address) => !platformAddress.test(address)).toSorted();
    },
    isShallow: () => git('rev-parse', '--is-shallow-repository').trim() === 'true',
    isCutOff: (base, head) => {
      if (git('rev-parse', '--is-shallow-repository').trim() !== 'true') return false;
      const file = path.resolve(folder, git('rev-parse', '--git-path', 'shallow').trim());
      const ends = new Set(readFileSync(file, 'utf8').split('\n'));
      return git('rev-list', `${base}..${head}`)
        .split('\n')
        .some((commit) => commit !== '' && ends.has(commit));
    },
    remoteBranch: () => {
      try {
        return git('symbolic-ref', '--quiet', 'refs/remotes/origin/HEAD').trim();
      } catch {
        return undefined;
      }
    },
    commitsChanging: (head, file, limit) =>
      git('log', '--first-parent', '--format=%H', `--max-count=${limit}`, head, '--', `:(top)${file}`)
        .split('\n')
        .filter((line) => line !== ''),
    fileAt: (commit, file) => {
      try {
        return git('show', `${commit}:${file}`);
      } catch (error) {
        if (/does not exist|exists on disk, but not in/.test(messageOf(error))) return undefined;
        throw unknownCommit(`${commit}:${file}`, messageOf(error), 'fetch the commit first', exitCodes.failed, error);
      }
    },
    withWorktree: async (commit, target, run) => {
      git('worktree', 'add', '--detach', '--force', target, commit);
      try {
        return await run();
      } finally {
        try {
          git('worktree', 'remove', '--force', target);
        } catch {
          git('worktree', 'prune');
        }
      }
    },
  };
}

/** A git before 2.35 cannot merge again: there every merge counts with all that it brings. */
function withOlderGit(run: () => string, older: () => string): string {
  try {
    return run();
  } catch (error) {
    if (!/diff-merges|remerge/.test(messageOf(error))) throw error;
    return older();
  }
}

/**
 * What a name may mean, each in full: HEAD, a branch of this clone, or one of a remote (`origin/main`). Never what git would guess first:
 * a tag called `origin/main` is no branch. An id is an id, also where a branch is called like one.
 */
function fullNames(name: string): readonly string[] {
  if (name === 'HEAD') return ['HEAD'];
  if (isShortId(name)) return [name];
  if (/^refs\/(?:heads|remotes)\//.test(name)) return [name];
  return name === '' || name.startsWith('refs/') ? [] : [`refs/heads/${name}`, `refs/remotes/${name}`];
}

function isShortId(name: string): boolean {
  return /^[0-9a-f]{7,64}$/.test(name);
}

function unknownCommit(place: string, found: string, todo: string, exitCode: ExitCode, cause?: unknown): TerraceError {
  return new TerraceError({ code: 'E6030', title: 'unknown commit', place, found, todo }, exitCode, { cause });
}
