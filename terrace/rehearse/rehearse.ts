import path from 'node:path';

import { type Problem, TerraceError } from '../base/errors';
import { affectedByRecords, affectedSince, type AffectedReport } from '../delivery/affected/affected';
import { treeOfCommit } from '../delivery/affected/commit-trees';
import { treeOfOrphans } from '../delivery/affected/orphan-trees';
import { judgedBy } from '../delivery/approval/judgement';
import { privateKeyFrom } from '../delivery/approval/keys';
import { sandboxKeys } from '../delivery/approval/sandbox-keys';
import { inspectUnits } from '../delivery/inspection/inspect-units';
import { orphansOf } from '../delivery/inspection/orphans';
import { memoryOf } from '../delivery/plan/memory-of';
import { affectedTargets } from '../delivery/plan/selection';
import { accessOf } from '../delivery/target/plan-target';
import { loadTree, type Tree } from '../delivery/tree/load-tree';
import { withDependents } from '../model/closure';
import { partOf } from '../model/select';
import type { Model } from '../model/model';
import type { Repository } from '../git/repository';
import { edgesOf } from './rounds/edges';
import { lastPlan, lastTargets } from './rounds/last-plan';
import { trafficOf } from './rounds/traffic';
import { goRounds, type Policies, type RoundsOutcome } from './rounds/rounds';
import type { StatesOf } from './rounds/stale-readers';
import { hasFindings, proved, unproved, type LastPlan, type Rehearsal, type Road } from './rehearsal';
import type { DerivedAttribute } from './seed/seed-shape';
import { derivedOf, settleShape } from './seed/settle-shape';
import type { Shape } from './shape/shape';
import { openWorld, type World, type WorldRequest } from './world/world';

/** A synthesized tree in memory and where it lies. */
export interface PlacedTree extends Tree {
  readonly folder: string;
}

export interface RehearseRequest extends Pick<WorldRequest, 'project' | 'work' | 'onEvent' | 'signal' | 'parallel' | 'grants'> {
  readonly shape: Shape;
  /** The change: the tree of the work tree or of a commit. */
  readonly head: PlacedTree;
  /** Commit that the change is compared with. @default what the records of the shape say was applied */
  readonly base?: string;
  /** Repository of the source: whose files destroyed units have, and which commits belong to this branch. @default nobody knows */
  readonly repository?: Repository;
  /** Parts of the shape's environments. @default everything that the shape holds */
  readonly selectors?: readonly string[];
  /** The last round that is gone through. @default as many as the change needs */
  readonly until?: number;
  /** The tree to which the way back leads, where it is asked for. @default the rehearsal ends with the change */
  readonly back?: PlacedTree;
  readonly policies: Policies;
  /** Folder for the bundles of the rounds. */
  readonly out: string;
}

/**
 * Tries a change on a simulated copy of what a shape says, the way a pipeline would go: affected, rounds of plan and apply with findings and
 * policies after each, a last plan that must be empty; then the way back, where it is asked for. Needs no credentials and reaches nothing.
 * What fails on the way is in the report; raises only what makes a rehearsal impossible (E50xx, E9501, E9503, E9504).
 */
export async function rehearse(request: RehearseRequest): Promise<Rehearsal> {
  const began = performance.now();
  const { shape, head } = request;
  const { world, derived } = await settledWorld(request);
  try {
    const isShaped = shapedIn(shape, request.selectors ?? []);
    const affected = await affectedOf(world, request, head, isShaped, request.base);
    const forth = await along(world, request, head, affected, isShaped, 'forth');
    const back =
      request.back === undefined || forth.problems.length > 0 || forth.road.left.length > 0
        ? undefined
        : await along(world, request, request.back, await affectedOf(world, request, request.back, isShaped), isShaped, 'back', head);
    const problems = [...forth.problems, ...(back?.problems ?? [])];
    const isFailed = problems.length > 0 || [forth.road, ...(back === undefined ? [] : [back.road])].some(isUnfinished);
    const { units, resources, unseeded, incomplete } = world.seeded;
    return {
      version: 1,
      commit: head.model.commit,
      dirty: head.model.dirty,
      base: request.base ?? 'applied',
      outcome: isFailed ? 'failed' : hasFindings(forth.road) ? 'findings' : 'as planned',
      seeded: {
        units,
        resources,
        unseeded,
        incomplete,
        derived: derived.map(({ unit, address, attribute }) => ({ unit, address, attribute })),
        seconds: world.seconds,
      },
      affected: affected.report.units.map(({ unit, operation, reasons }) => ({ unit, operation, reasons })),
      excluded: affected.report.units.flatMap(({ unit, bootstrap }) => (bootstrap === true ? [unit] : [])),
      forth: forth.road,
      back: back?.road ?? null,
      problems: problems.map(({ code, title, place = '', found, todo }) => ({ code, title, place, found, todo })),
      proved,
      unproved,
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    await world.close();
  }
}

/** The world of a shape; where something in it was made one-way of a secret, it is made again with what the first plan says of that. */
async function settledWorld(request: RehearseRequest): Promise<{ readonly world: World; readonly derived: readonly DerivedAttribute[] }> {
  const open = (shape: Shape): Promise<World> =>
    openWorld({ ...request, shape, model: request.head.model, logs: path.join(request.out, 'logs') });
  const world = await open(request.shape);
  if (derivedOf(request.shape).length === 0) return { world, derived: [] };
  try {
    const trees = [request.head, ...(await appliedTrees(request))];
    const { shape, derived } = await settleShape(world.context, request.shape, trees);
    if (derived.length === 0) return { world, derived };
    await world.close();
    return { world: await open(shape), derived };
  } catch (error) {
    await world.close();
    throw error;
  }
}

/** The trees of the commits that units with such attributes were applied from, as far as this clone has them. */
async function appliedTrees({ shape, repository }: RehearseRequest): Promise<readonly Tree[]> {
  const concerned = new Set(derivedOf(shape).map(({ unit }) => unit));
  const commits = new Set(
    shape.units.flatMap(({ unit, record }) => (concerned.has(unit) && record?.commit != null ? [record.commit] : [])),
  );
  const trees: Tree[] = [];
  for (const commit of commits)
    if (repository?.has(commit) === true) {
      try {
        trees.push(loadTree(await treeOfCommit(repository, commit, true)));
      } catch (error) {
        if (!(error instanceof TerraceError)) throw error;
      }
    }
  return trees;
}

/** True for units of the environments that the shape holds, within the selectors. */
function shapedIn({ units }: Shape, selectors: readonly string[]): (unit: string) => boolean {
  const environments = new Set(units.map(({ unit }) => environmentOf(unit)));
  const isSelected = partOf(selectors);
  return (unit) => environments.has(environmentOf(unit)) && isSelected(unit);
}

function environmentOf(unit: string): string {
  return unit.split('/').slice(0, 2).join('/');
}

interface AffectedHere {
  readonly report: AffectedReport;
  /** Files of units that are gone. */
  readonly before: Tree | undefined;
}

/** What a change affects: compared with a commit, else with what the records of the world say. */
async function affectedOf(
  { context }: World,
  { repository }: RehearseRequest,
  tree: PlacedTree,
  isShaped: (unit: string) => boolean,
  base?: string,
): Promise<AffectedHere> {
  if (base !== undefined && repository !== undefined) {
    const { report, base: before } = await affectedSince(
      repository,
      base,
      tree,
      tree.model.dirty ? 'worktree' : (tree.model.commit ?? 'worktree'),
    );
    return { report: { ...report, units: report.units.filter(({ unit }) => isShaped(unit)) }, before };
  }
  const units = tree.model.units.filter(({ path: unit }) => isShaped(unit));
  const inspected = await inspectUnits(context, tree.model, tree, units);
  const orphans = await orphansOf(context, tree.model, isShaped);
  const before = repository === undefined ? undefined : await treeOfOrphans(repository, orphans, true);
  const report = affectedByRecords(tree.model, inspected, orphans);
  return { report: { ...report, units: report.units.filter(({ unit }) => isShaped(unit)) }, before };
}

interface Along {
  readonly road: Road;
  readonly problems: readonly Problem[];
}

/** The rounds of one direction and its last plan. What is raised on the way becomes a problem of it. */
async function along(
  world: World,
  request: RehearseRequest,
  tree: PlacedTree,
  { report, before }: AffectedHere,
  isShaped: (unit: string) => boolean,
  name: 'forth' | 'back',
  from?: PlacedTree,
): Promise<Along> {
  const { context, env } = world;
  const { age, signing, policy } = await sandboxKeys(env);
  const keys = { recipients: [age.recipient], identities: [age.identity], signingKey: privateKeyFrom(signing.privatePem, signing.id) };
  const selected = { ...tree, units: tree.model.units.filter(({ bootstrap, path: unit }) => !bootstrap && isShaped(unit)), excluded: [] };
  const gone = before ?? from;
  const targets = affectedTargets(selected, report.units, gone);
  const memory = memoryOf(tree.model, from === undefined ? request.repository : undefined, {});
  try {
    const outcome = await goRounds(context, {
      model: tree.model,
      targets,
      keys,
      judge: judgedBy(policy),
      out: path.join(request.out, name),
      authors: [],
      memory,
      ...(request.until === undefined || name === 'back' ? {} : { until: request.until }),
      policies: request.policies,
      traffic: trafficOf(request.shape),
      edges: edgesOf(request.shape),
      readersOf: readersIn(tree.model),
      statesOf: statesIn(world, [tree.model, ...(gone === undefined ? [] : [gone.model])]),
    });
    const lost = report.units.filter(
      ({ unit, operation, bootstrap }) =>
        operation === 'destroy' && bootstrap !== true && !targets.some((target) => target.unit.path === unit),
    );
    const problems = [...outcome.problems, ...lost.map(({ unit }) => withoutFiles(unit))];
    if (problems.length > 0 || outcome.left.length > 0) return { road: roadOf(outcome, null), problems };
    const last = await lastPlan(context, tree.model, selected.units.length === 0 ? [] : lastTargets(selected, report, request.base), {
      recipients: keys.recipients,
      out: path.join(request.out, name, 'last'),
      round: outcome.rounds.length + 1,
      memory,
    });
    return { road: roadOf(outcome, last.plan), problems: last.problems };
  } catch (error) {
    if (!(error instanceof TerraceError)) throw error;
    return { road: { rounds: [], left: [], last: null }, problems: error.problems };
  }
}

function roadOf({ rounds, left }: RoundsOutcome, last: LastPlan | null): Road {
  return { rounds, left, last };
}

/** Rounds that left something, or were left at. */
function isUnfinished({ last, left }: Road): boolean {
  return left.length === 0 && (last === null || last.changed.length > 0);
}

/** Units that read a unit, directly or through others, sorted. */
function readersIn({ units }: Model): (unit: string) => readonly string[] {
  return (unit) =>
    withDependents(units, [unit])
      .flatMap((one) => (one.path === unit ? [] : [one.path]))
      .toSorted();
}

function statesIn({ context }: World, models: readonly Model[]): StatesOf {
  const read = async <T>(
    unit: string,
    use: (target: Model['units'][number], env: NodeJS.ProcessEnv) => Promise<T | undefined>,
  ): Promise<T | undefined> => {
    for (const model of models) {
      const found = model.units.find((one) => one.path === unit);
      if (found !== undefined) return use(found, await context.accounts.environmentFor(found, accessOf(model, found)));
    }
    return undefined;
  };
  return {
    state: (unit) => read(unit, (target, env) => context.states.read(target, env)),
    record: (unit) => read(unit, (target, env) => context.states.readRecord(target, env)),
  };
}

function withoutFiles(unit: string): Problem {
  return {
    code: 'E9504',
    title: 'not rehearsed',
    place: unit,
    found: 'it is destroyed, but no commit in this clone has the files that it was applied with',
    todo: 'fetch the history (git fetch --unshallow), or name a commit that has them with --base REF',
  };
}
