import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { TerraceError } from '../base/errors';
import type { LiveTree } from '../model/model';
import { git, tryGit } from './run-git';

export interface PublishRequest {
  /** The project's root, inside a repository. */
  readonly root: string;
  readonly system: string;
  readonly liveTree: Exclude<LiveTree, 'ignored'>;
  /** Folder that holds the synthesized `<system>`, and nothing else of that name. */
  readonly tree: string;
  /** Commit that the tree was made from. */
  readonly source: string;
  /** Commit at which the branch that is checked out must stand: the source, or what was published on it meanwhile. */
  readonly head: string;
}

export interface Published {
  readonly system: string;
  readonly branch: string;
  /** `unchanged` when the branch holds this tree already; nothing is committed then. */
  readonly outcome: 'published' | 'unchanged';
  readonly commit: string;
  /** Commit the tree was made from. */
  readonly source: string;
  /** True where that branch is checked out. */
  readonly onHead: boolean;
}

/**
 * Commits a system's synthesized tree as `live/<system>`, with its lock files and the trailer `Terrace-Source: <commit>`, on its branch:
 * the one that is checked out with `committed`, a branch of its own otherwise (which is made without a parent where it is new). Works on
 * git's objects; of the work tree nothing is touched, of the index only `live/<system>` where that branch is checked out.
 * Raises E4601 (git), E4603 (no branch is checked out), E4604 (the branch moved meanwhile), E4610 (it is checked out in another work tree).
 */
export function publishSystem(request: PublishRequest): Published {
  const { root, system, liveTree, source } = request;
  const current = tryGit(['symbolic-ref', '--quiet', 'HEAD'], { cwd: root });
  const ref = typeof liveTree === 'object' ? `refs/heads/${liveTree.branch}` : current;
  if (ref === undefined)
    throw new TerraceError({
      code: 'E4603',
      title: 'no branch checked out',
      place: root,
      found: 'HEAD is detached',
      expected: 'a branch to commit to',
      todo: 'switch to the branch that the tree belongs to (git switch)',
    });
  const tip = tryGit(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], { cwd: root });
  if (headOf(root) !== request.head) throw branchMoved(current ?? 'HEAD');
  if (ref !== current) refuseOtherWorkTree(root, ref);
  const parent = tip ?? remoteTip(root, ref);
  const place = `${ref === current ? git(['rev-parse', '--show-prefix'], { cwd: root }) : ''}live/${system}`;
  const written = withIndex((index) => {
    if (parent !== undefined) git(['read-tree', parent], { cwd: root, env: index });
    git(['rm', '-r', '-q', '--cached', '--ignore-unmatch', '--', `:(top)${place}`], { cwd: root, env: index });
    const subtree = treeOf(request, index);
    git(['read-tree', `--prefix=${place}/`, subtree], { cwd: git(['rev-parse', '--show-toplevel'], { cwd: root }), env: index });
    return git(['write-tree'], { cwd: root, env: index });
  });
  const branch = ref.replace(/^refs\/heads\//, '');
  if (parent !== undefined && git(['rev-parse', `${parent}^{tree}`], { cwd: root }) === written) {
    if (tip === undefined) move(root, ref, parent, undefined);
    return { system, branch, outcome: 'unchanged', commit: parent, source, onHead: ref === current };
  }
  const message = `Publish ${system}\n\nTerrace-Source: ${source}\n`;
  const commit = git(['commit-tree', written, ...(parent === undefined ? [] : ['-p', parent]), '-F', '-'], { cwd: root, input: message });
  // The index first: where it cannot be written nothing has moved, and the next ordinary commit does not take the tree back.
  if (ref === current) updateIndex(root, commit, place);
  try {
    move(root, ref, commit, tip);
  } catch (error) {
    if (ref === current && tip !== undefined) updateIndex(root, headOf(root), place);
    throw error;
  }
  return { system, branch, outcome: 'published', commit, source, onHead: ref === current };
}

/** The commit that is checked out. Raises E4602 where there is none. */
export function headOf(root: string): string {
  const head = tryGit(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { cwd: root });
  if (head !== undefined) return head;
  throw new TerraceError({
    code: 'E4602',
    title: 'no commit',
    place: root,
    found: 'the project is not in a repository, or the repository has no commit yet',
    todo: 'commit the source first: what is published names the commit it comes from',
  });
}

/** A branch that moves under another work tree leaves its index behind: the next commit there would take the tree back. Raises E4610. */
function refuseOtherWorkTree(root: string, ref: string): void {
  const listed = git(['worktree', 'list', '--porcelain'], { cwd: root }).split('\n\n');
  const other = listed.find((one) => one.split('\n').includes(`branch ${ref}`));
  if (other === undefined) return;
  throw new TerraceError({
    code: 'E4610',
    title: 'branch checked out elsewhere',
    place: ref,
    found: `it is checked out in ${/^worktree (.*)$/m.exec(other)?.[1] ?? 'another work tree'}`,
    expected: 'a branch that is not checked out',
    todo: 'switch that work tree to another branch, then run the command again; nothing was published',
  });
}

/** Where nobody has the branch here yet, the remote's is continued, so that publishing from a fresh clone loses no history. */
function remoteTip(root: string, ref: string): string | undefined {
  const name = ref.replace(/^refs\/heads\//, '');
  const remotes = (tryGit(['remote'], { cwd: root }) ?? '').split('\n').filter((one) => one !== '');
  const tips = remotes.flatMap(
    (remote) => tryGit(['rev-parse', '--verify', '--quiet', `refs/remotes/${remote}/${name}^{commit}`], { cwd: root }) ?? [],
  );
  return new Set(tips).size === 1 ? tips[0] : undefined;
}

/** Runs with an index of its own. */
function withIndex<T>(work: (env: NodeJS.ProcessEnv) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'terrace-publish-'));
  try {
    return work({ ...process.env, GIT_INDEX_FILE: path.join(folder, 'index') });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The tree object of the synthesized folder, whatever .gitignore says about it. */
function treeOf(request: PublishRequest, env: NodeJS.ProcessEnv): string {
  const own = {
    ...env,
    GIT_INDEX_FILE: `${env['GIT_INDEX_FILE'] ?? ''}.tree`,
    GIT_WORK_TREE: path.join(request.tree, request.system),
    GIT_DIR: git(['rev-parse', '--absolute-git-dir'], { cwd: request.root }),
  };
  const cwd = path.join(request.tree, request.system);
  git(['-c', 'core.autocrlf=false', 'add', '--force', '--all', '.'], { cwd, env: own });
  return git(['write-tree'], { cwd, env: own });
}

function move(root: string, ref: string, commit: string, from: string | undefined): void {
  try {
    git(['update-ref', '-m', 'terrace publish', ref, commit, from ?? '0'.repeat(commit.length)], { cwd: root });
  } catch (error) {
    throw branchMoved(ref, error);
  }
}

function branchMoved(ref: string, cause?: unknown): TerraceError {
  return new TerraceError(
    {
      code: 'E4604',
      title: 'branch moved',
      place: ref,
      found: 'somebody committed to the branch in the meantime; nothing was published, and the index is unchanged',
      todo: 'run the command again',
    },
    1,
    cause === undefined ? undefined : { cause },
  );
}

/**
 * The checked-out branch has the tree now: the index says the same, so that nothing looks deleted. Other staged changes stay. One command writes
 * it whole: between two of them a kill would leave an index without the tree, and the next ordinary commit would remove it.
 */
function updateIndex(root: string, commit: string, place: string): void {
  const top = git(['rev-parse', '--show-toplevel'], { cwd: root });
  const entries = entriesOf(top, commit, place);
  const now = new Set(entries.map((one) => one.slice(one.indexOf('\t') + 1)));
  const gone = listed(git(['ls-files', '-z', '--', place], { cwd: top })).filter((name) => !now.has(name));
  const removed = gone.map((name) => `0 ${'0'.repeat(commit.length)}\t${name}`);
  git(['update-index', '-z', '--index-info'], { cwd: top, input: [...removed, ...entries].map((one) => `${one}\0`).join('') });
}

function entriesOf(top: string, commit: string, place: string): readonly string[] {
  return listed(git(['ls-tree', '-r', '-z', '--full-tree', commit, '--', `${place}/`], { cwd: top }));
}

function listed(text: string): readonly string[] {
  return text.split('\0').filter((one) => one !== '');
}
