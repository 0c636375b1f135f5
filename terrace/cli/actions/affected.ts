import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { affectedByRecords, affectedSince, type Affected, type AffectedReport } from '../../delivery/affected/affected';
import type { AffectedUnit } from '../../delivery/affected/compare';
import { type Tree, loadTree } from '../../delivery/tree/load-tree';
import { treeOfCommit } from '../../delivery/affected/commit-trees';
import { openRepository, type Repository } from '../../git/repository';
import { treeOfOrphans } from '../../delivery/affected/orphan-trees';
import { inspectUnits } from '../../delivery/inspection/inspect-units';
import { orphansOf } from '../../delivery/inspection/orphans';
import { worstOf } from '../../delivery/plan/plan-bundle';
import { failed } from '../../delivery/problems';
import { createContext } from '../../delivery/terraform/create-context';
import { writeFiles } from '../../delivery/tree/write-files';
import { exitCodes, TerraceError } from '../../base/errors';
import { excludedEnvironments, refusePlannedSelectors } from '../../model/planned';
import { partOf, selectPaths } from '../../model/select';
import type { Model } from '../../model/model';
import type { CommandContext } from '../command-context';
import { withBusyLine } from '../busy-line';
import { affectedText } from './affected-text';
import { synthesizeAside } from '../source-tree';

import { refuseEmpty, wholeSystems } from '../../delivery/plan/selection';

export interface AffectedRequest {
  readonly selectors: readonly string[];
  readonly base: string;
  /** A commit, or the work tree. @default 'worktree' */
  readonly head?: string;
  readonly json: boolean;
  readonly matrix: boolean;
  readonly allowEmpty: boolean;
  /** Dependents outside the selectors too. @default false */
  readonly withDependents?: boolean;
  /** Folder for `affected.json` and what is destroyed. */
  readonly out?: string;
}

/** `terrace affected` */
export async function runAffected(context: CommandContext, request: AffectedRequest): Promise<void> {
  const { report, base } = await findAffected(context, request);
  if (request.out !== undefined) writeAffected(request.out, report, base);
  const { changedFiles: _files, ...shown } = report;
  if (request.matrix) process.stdout.write(`${JSON.stringify(matrixOf(report))}\n`);
  else process.stdout.write(request.json ? `${JSON.stringify(shown, null, 2)}\n` : `${affectedText(report)}\n`);
}

/**
 * What is affected, restricted to the selectors. Raises E6028 where nothing at all is, although files changed that units are made of, and
 * E120x for a selector that names nothing in the source nor anything that is gone from it.
 */
export async function findAffected(
  context: CommandContext,
  request: Pick<AffectedRequest, 'selectors' | 'base' | 'head' | 'allowEmpty' | 'withDependents'> & SynthesizedBefore,
): Promise<Affected> {
  const isSelected = partOf(request.selectors);
  const found =
    request.base === 'applied'
      ? await sinceApplied(context, request.selectors, request)
      : await sinceCommit(context, request, request.head ?? 'worktree');
  refuseEmpty(found.report, request.allowEmpty);
  const inside = found.report.units.filter((unit) => isSelected(unit.unit));
  const outside = dependentsOf(
    inside.map(({ unit }) => unit),
    found.report.units.filter((unit) => !isSelected(unit.unit)),
  );
  const units = request.withDependents === true ? [...inside, ...outside].toSorted((a, b) => (a.unit < b.unit ? -1 : 1)) : inside;
  if (request.withDependents !== true && outside.length > 0)
    process.stderr.write(
      `not selected, though they read what is: ${outside.map(({ unit }) => unit).join(', ')} (--with-dependents takes them along)\n`,
    );
  const { excluded, ...report } = found.report;
  const named = excluded?.filter(isSelected) ?? [];
  return { ...found, report: { ...report, units, ...(named.length === 0 ? {} : { excluded: named }) } };
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

async function sinceCommit(
  context: CommandContext,
  { base, selectors }: { readonly base: string; readonly selectors: readonly string[] },
  head: string,
): Promise<Affected> {
  const repository = repositoryOrFail(context.project());
  const headCommit = head === 'worktree' ? undefined : repository.commitOf(head);
  const tree = await withBusyLine(`synthesizing ${head}`, async () =>
    headCommit === undefined
      ? await worktreeTree(context, repository)
      : loadTree(await treeOfCommit(repository, headCommit, context.includePlanned)),
  );
  const baseCommit = repository.mergeBase(repository.commitOf(base), headCommit ?? repository.commitOf('HEAD'));
  const affected = await withBusyLine(`synthesizing ${base}`, async () =>
    affectedSince(repository, baseCommit, tree, headCommit ?? 'worktree', context.includePlanned),
  );
  const known = [...tree.model.units.map((unit) => unit.path), ...affected.report.units.map((unit) => unit.unit)];
  refusePlannedSelectors(selectors, known, excludedEnvironments(tree.model));
  selectPaths(known, selectors);
  return affected;
}

/** The tree of the work tree as it is now, changed or not; kept apart from `live/`. */
async function worktreeTree(context: CommandContext, repository: Repository): Promise<Tree> {
  const out = path.join(repository.root, '.terrace', 'cache', 'worktree');
  const { synthesize } = await import('../project');
  await synthesize(context.project(), { selectors: [], out, includePlanned: context.includePlanned });
  return loadTree(out);
}

/** Trees that were synthesized before, for where no source can be loaded. */
export interface SynthesizedBefore {
  /** @default the source's, synthesized now */
  readonly tree?: string;
  /** Files of what is gone from it. @default those of the commits that their records name, synthesized now */
  readonly before?: string;
}

async function sinceApplied(context: CommandContext, selectors: readonly string[], given: SynthesizedBefore): Promise<Affected> {
  const folder = given.tree === undefined ? await synthesizedNow(context, selectors) : path.resolve(given.tree);
  const tree = loadTree(folder);
  const isSelected = partOf(selectors);
  const delivery = await createContext({ work: context.work(folder) });
  const units = tree.model.units.filter((unit) => isSelected(unit.path));
  const inspected = await withBusyLine('reading states and records', async () => inspectUnits(delivery, tree.model, tree, units));
  const problems = inspected.flatMap((one) => one.problems);
  const codes = inspected.flatMap(({ exitCode }) => (exitCode === exitCodes.done ? [] : [exitCode]));
  if (problems.length > 0) throw new TerraceError(problems, worstOf(codes));
  // A tree that was synthesized before may hold a part: there only whole environments are looked through.
  const isWhole = partOf(selectors);
  const isSearched = (unit: string): boolean =>
    isSelected(unit) && (given.tree === undefined || isWhole(unit.split('/').slice(0, 2).join('/')));
  const orphans = await orphansOf(delivery, tree.model, isSearched);
  selectPaths([...tree.model.units.map((unit) => unit.path), ...orphans.map(({ unit }) => unit)], selectors);
  return { report: affectedByRecords(tree.model, inspected, orphans), base: await filesOfOrphans(context, given, orphans) };
}

async function synthesizedNow(context: CommandContext, selectors: readonly string[]): Promise<string> {
  return (await synthesizeAside(context)(wholeSystems(selectors))).folder;
}

/** The files that units without source are destroyed with; undefined where nobody has them. */
async function filesOfOrphans(
  context: CommandContext,
  { tree, before }: SynthesizedBefore,
  orphans: Parameters<typeof treeOfOrphans>[1],
): Promise<Tree | undefined> {
  if (before !== undefined) return loadTree(path.resolve(before));
  const repository = tree === undefined ? openRepository(context.project()) : undefined;
  return repository === undefined ? undefined : await treeOfOrphans(repository, orphans, context.includePlanned);
}

function repositoryOrFail(root: string): Repository {
  const repository = openRepository(root);
  if (repository === undefined)
    throw failed(
      'E6030',
      {
        place: root,
        found: 'this is no git repository, so there is nothing to compare with',
        todo: 'use --base applied, or select units',
      },
      exitCodes.wrongUsage,
    );
  return repository;
}

function writeAffected(out: string, report: AffectedReport, base: Tree | undefined): void {
  const deleted = path.join(out, 'deleted');
  rmSync(deleted, { recursive: true, force: true });
  mkdirSync(deleted, { recursive: true });
  writeFileSync(path.join(out, 'affected.json'), `${JSON.stringify(report, null, 2)}\n`);
  const known: Model = base?.model ?? { version: 1, commit: null, dirty: false, systems: [], units: [] };
  const gone = new Set(report.units.filter((unit) => unit.operation === 'destroy').map((unit) => unit.unit));
  const model: Model = { ...known, units: known.units.filter((unit) => gone.has(unit.path)) };
  for (const unit of model.units) writeFiles(path.join(deleted, unit.path), base?.files.get(unit.path) ?? new Map());
  writeFileSync(path.join(deleted, 'synth.json'), `${JSON.stringify(model, null, 2)}\n`);
}

/** A GitHub Actions matrix: one job for each environment that is affected. */
function matrixOf(report: AffectedReport): object {
  const environments = new Map<string, number>();
  for (const { unit, bootstrap } of report.units) {
    if (bootstrap === true) continue;
    const name = unit.split('/').slice(0, 2).join('/');
    environments.set(name, (environments.get(name) ?? 0) + 1);
  }
  return {
    include: [...environments]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, units]) => ({ system: name.split('/')[0], environment: name.split('/')[1], selector: name, units })),
  };
}
