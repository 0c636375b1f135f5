import path from 'node:path';

import { exitCodes, TerraceError, worstOf } from '../../base/errors';
import { openRepository, type Repository } from '../../git/repository';
import { excludedEnvironments, refusePlannedSelectors } from '../../model/planned';
import { partOf, selectPaths, wholeSystems } from '../../model/select';
import { inspectUnits, type InspectedUnit } from '../inspection/inspect-units';
import { orphansOf } from '../inspection/orphans';
import { failed } from '../problems';
import type { DeliveryContext } from '../terraform/context';
import { loadTree, type Tree } from '../tree/load-tree';
import type { Synthesize } from '../tree/written-tree';

import { affectedByRecords, affectedSince, type Affected, type AffectedReport } from './affected';
import { appliedValues } from './applied-values';
import { treeOfCommit } from './commit-trees';
import type { AffectedUnit } from './compare';
import { refuseEmpty } from './empty-change';
import { treeOfOrphans } from './orphan-trees';
import { sideOf, type SourceLines } from './source-lines';

/** What is compared with what. */
export interface AffectedRequest {
  /** None selects everything. */
  readonly selectors: readonly string[];
  /** A commit; or `applied`: the records beside the states. */
  readonly base: string;
  /** A commit; `worktree` is what `tree` gives. @default 'worktree' */
  readonly head?: string;
  /** Folder of a synthesized tree; or how the source is synthesized. */
  readonly tree: string | Synthesize;
  /** Folder of a tree with the files of what is gone since it was applied. @default the trees of the commits that the records name */
  readonly before?: string;
  /** Folder of the repository that has the commits. Raises E6030 where one is asked for. @default none */
  readonly repository?: string;
  /** With planned environments. @default false */
  readonly includePlanned?: boolean;
  /** Accepts that no unit differs although files changed that units are made of. @default false */
  readonly allowEmpty?: boolean;
  /** Dependents outside the selectors too. @default false */
  readonly withDependents?: boolean;
  /** Says which lines of the source decide values. With it old and new values are found for `applied` as well. @default none are asked for */
  readonly lines?: SourceLines;
  /** Told what takes a while, and how long it takes. @default nobody is */
  readonly busy?: Busy;
}

/** Wraps what takes a while, with a few words about it. */
export type Busy = <T>(doing: string, work: () => Promise<T>) => Promise<T>;

/** What is affected below the selectors. */
export interface FoundAffected extends Affected {
  /** Affected units outside of the selectors that read what is selected, where they are not taken along. */
  readonly unselected: readonly string[];
}

/**
 * What is affected, restricted to the selectors. `context` is asked for where records are read. Raises E6028 where nothing at all is, although
 * files changed that units are made of, and E120x for a selector that names nothing in the source nor anything that is gone from it.
 */
export async function findAffected(context: () => Promise<DeliveryContext>, request: AffectedRequest): Promise<FoundAffected> {
  const isSelected = partOf(request.selectors);
  const found = request.base === 'applied' ? await sinceApplied(await context(), request) : await sinceCommit(request);
  refuseEmpty(found.report, request.allowEmpty ?? false);
  const inside = found.report.units.filter((unit) => isSelected(unit.unit));
  const outside = dependentsOf(
    inside.map(({ unit }) => unit),
    found.report.units.filter((unit) => !isSelected(unit.unit)),
  );
  const taken = request.withDependents === true;
  const units = taken ? [...inside, ...outside].toSorted((a, b) => (a.unit < b.unit ? -1 : 1)) : inside;
  const { excluded, ...report } = found.report;
  const named = excluded?.filter(isSelected) ?? [];
  return {
    ...found,
    report: { ...report, units, ...(named.length === 0 ? {} : { excluded: named }) },
    unselected: taken ? [] : outside.map(({ unit }) => unit),
  };
}

/** Those of the others that read one of the units, directly or through others. */
function dependentsOf(units: readonly string[], others: readonly AffectedUnit[]): readonly AffectedUnit[] {
  const reached = new Set(units);
  const found = new Set<AffectedUnit>();
  for (let more = true; more;) {
    more = false;
    for (const one of others) {
      if (found.has(one) || !(one.reads ?? []).some((upstream) => reached.has(upstream))) continue;
      found.add(one);
      reached.add(one.unit);
      more = true;
    }
  }
  return [...found];
}

async function sinceCommit(request: AffectedRequest): Promise<Affected> {
  const { selectors, base, head = 'worktree', includePlanned = false, busy = unseen } = request;
  const repository = repositoryOrFail(request.repository);
  const headCommit = head === 'worktree' ? undefined : repository.commitOf(head);
  const tree =
    headCommit === undefined
      ? loadTree(await folderOf(request.tree, []))
      : await busy(`synthesizing ${head}`, async () => loadTree(await treeOfCommit(repository, headCommit, includePlanned)));
  const baseCommit = repository.mergeBase(repository.commitOf(base), headCommit ?? repository.commitOf('HEAD'));
  const affected = await busy(`synthesizing ${base}`, async () =>
    affectedSince(repository, baseCommit, tree, headCommit ?? 'worktree', { includePlanned, ...linesOf(request) }),
  );
  const known = [...tree.model.units.map((unit) => unit.path), ...affected.report.units.map((unit) => unit.unit)];
  refusePlannedSelectors(selectors, known, excludedEnvironments(tree.model));
  selectPaths(known, selectors);
  return affected;
}

async function sinceApplied(context: DeliveryContext, request: AffectedRequest): Promise<Affected> {
  const { selectors, busy = unseen } = request;
  const tree = loadTree(await folderOf(request.tree, wholeSystems(selectors)));
  const isSelected = partOf(selectors);
  const units = tree.model.units.filter((unit) => isSelected(unit.path));
  const inspected = await busy('reading states and records', async () => inspectUnits(context, tree.model, tree, units));
  refuseUnread(inspected);
  // A tree that was synthesized before may hold a part: there only whole environments are looked through.
  const isPart = typeof request.tree === 'string';
  const isSearched = (unit: string): boolean => isSelected(unit) && (!isPart || isSelected(unit.split('/').slice(0, 2).join('/')));
  const orphans = await orphansOf(context, tree.model, isSearched);
  selectPaths([...tree.model.units.map((unit) => unit.path), ...orphans.map(({ unit }) => unit)], selectors);
  const report = affectedByRecords(tree.model, inspected, orphans);
  const base = await filesOfOrphans(request, orphans);
  const repository = request.lines === undefined || isPart ? undefined : repositoryOf(request.repository);
  if (repository === undefined) return { report, base };
  return {
    report: await busy('synthesizing what was applied', async () => withApplied(report, repository, tree, inspected, request)),
    base,
  };
}

/** The report with the values that were applied, where their commits are known. */
async function withApplied(
  report: AffectedReport,
  repository: Repository,
  tree: Tree,
  inspected: readonly InspectedUnit[],
  { lines, includePlanned = false }: AffectedRequest,
): Promise<AffectedReport> {
  if (lines === undefined) return report;
  const records = new Map(inspected.flatMap(({ unit, record }) => (record === undefined ? [] : [[unit.path, record] as const])));
  const head = sideOf(repository, undefined);
  return { ...report, units: await appliedValues(report.units, records, tree, repository, { lines, includePlanned, head }) };
}

/** Raises what could not be looked at. */
function refuseUnread(inspected: readonly InspectedUnit[]): void {
  const problems = inspected.flatMap((one) => one.problems);
  const codes = inspected.flatMap(({ exitCode }) => (exitCode === exitCodes.done ? [] : [exitCode]));
  if (problems.length > 0) throw new TerraceError(problems, worstOf(codes));
}

async function folderOf(tree: AffectedRequest['tree'], selectors: readonly string[]): Promise<string> {
  return typeof tree === 'string' ? path.resolve(tree) : (await tree(selectors)).folder;
}

/** The files that units without source are destroyed with; undefined where nobody has them. */
async function filesOfOrphans(
  { tree, before, repository: folder, includePlanned = false }: AffectedRequest,
  orphans: Parameters<typeof treeOfOrphans>[1],
): Promise<Tree | undefined> {
  if (before !== undefined) return loadTree(path.resolve(before));
  const repository = typeof tree === 'string' ? undefined : repositoryOf(folder);
  return repository === undefined ? undefined : await treeOfOrphans(repository, orphans, includePlanned);
}

function linesOf({ lines }: AffectedRequest): { readonly lines?: SourceLines } {
  return lines === undefined ? {} : { lines };
}

function repositoryOf(folder: string | undefined): Repository | undefined {
  return folder === undefined ? undefined : openRepository(folder);
}

function repositoryOrFail(folder: string | undefined): Repository {
  const repository = repositoryOf(folder);
  if (repository === undefined)
    throw failed(
      'E6049',
      {
        ...(folder === undefined ? {} : { place: folder }),
        found: 'this is not a git repository, so there is nothing to compare with',
        todo: 'use --base applied, or select units',
      },
      exitCodes.wrongUsage,
    );
  return repository;
}

const unseen: Busy = async (_doing, work) => work();
