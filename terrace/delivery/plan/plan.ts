import { rmSync } from 'node:fs';

import { exitCodes, refuse, type Problem } from '../../base/errors';
import type { RulesChange } from '../bundle/bundle';
import { verifyContent, type VerifiedBundle } from '../bundle/verify';
import { failed } from '../problems';
import type { PlanTarget } from '../target/plan-target';
import type { DeliveryContext } from '../terraform/context';
import type { Synthesize } from '../tree/written-tree';
import { coveredEnvironments } from './covered';
import { withDependents } from './dependents';
import { refuseDirty } from './changed-work-tree';
import { placesOfReaders } from './known-readers';
import { memoryOf } from './memory-of';
import { withoutVariables } from './not-given';
import { isSealed, planBundle, type BundleRequest, type PlanReport } from './plan-bundle';
import { refuseDestroy, selectedChange, type ChangeRequest, type SelectedChange } from './selected-change';
import { affectedTargets, changeOf, selectTree, targetsOf, withoutFiles, type SelectedTree } from './selection';

/** What judges the targets of a plan before terraform runs, and its bundle before anybody is asked. */
export interface PlanJudgement extends Pick<BundleRequest, 'recipientsOf' | 'notes'> {
  /** What the accepted facts let terraform have. @default what the context says */
  readonly grants?: DeliveryContext['grants'];
  /** @default none */
  readonly problems?: readonly Problem[];
  /** Authors of the change besides those that its history names. @default none */
  readonly authors?: readonly string[];
  /** @default what the history says */
  readonly rules?: RulesChange | null;
  /** Why a bundle is refused whoever approved it. @default nothing */
  readonly denials?: (verified: VerifiedBundle) => Promise<readonly Problem[]>;
}

/** A plan from selectors to bundle. */
export interface PlanRequest extends Pick<
  BundleRequest,
  'supersedes' | 'recipients' | 'out' | 'mock' | 'lock' | 'round' | 'shard' | 'expiresIn'
> {
  /** Without one, everything is selected. */
  readonly selectors: readonly string[];
  /** Folder of a synthesized tree; or how the source is synthesized, a part of it or (without selectors) the whole. */
  readonly tree: string | Synthesize;
  /** @default everything that is selected, changed or not */
  readonly change?: ChangeRequest;
  /** @default 'apply'; a change decides it itself */
  readonly operation?: 'apply' | 'destroy';
  /** Also what reads the selected units, directly or through others. @default false */
  readonly withDependents?: boolean;
  /** With planned environments of a tree. @default false */
  readonly includePlanned?: boolean;
  /** Only the units of the source in this wave, or only what is gone from the source. @default all */
  readonly wave?: number | 'gone';
  /** Folder of the repository that says whose change it is and what it changes of the rules. @default nobody knows */
  readonly repository?: string;
  /** The protected branch of the change, by which it is known whose it is. @default the commit that `change` is compared with */
  readonly base?: string;
  /** Authors besides those that the repository names. @default none */
  readonly authors?: readonly string[];
  /** Leaves out what another branch applied, instead of refusing everything. @default false */
  readonly leaveOut?: boolean;
  /** Units whose lost state is given up. @default none */
  readonly startEmpty?: readonly string[];
  /** Variables that are not given here, because what they hold writes: units that need one get no plan, and a remark says so. @default none */
  readonly notGiven?: readonly string[];
  /** Judges the targets; what it finds is raised with exit code 3. @default nobody judges */
  readonly judge?: (targets: readonly PlanTarget[], commit: string | null, base?: string) => Promise<PlanJudgement>;
}

/** What a plan made, and what it left out. */
export interface PlanOutcome extends PlanReport {
  /** The bundle's folder or archive; undefined where nothing was planned, so that none was written. */
  readonly place: string | undefined;
  /** Bootstrap units that the selectors cover and that only `terrace backend bootstrap` applies. */
  readonly excluded: readonly string[];
  /** Units that should be destroyed and are not, because nobody knows the files they were applied with. */
  readonly lost: readonly string[];
  /** Affected units outside of the selectors that read what is planned. */
  readonly unselected: readonly string[];
  /** Environments whose rules name who may apply, in place of the recipients of the request. */
  readonly ownRecipients: readonly string[];
}

/**
 * Plans what selectors name and seals it: change, selection, dependents, targets, authors and rules, judgement, plans, bundle. Raises what
 * {@link planBundle} and `findAffected` raise, E120x for selectors, E6066 for a wave without units, and the problems of the judgement; a bundle
 * that is denied is removed again.
 */
export async function plan(context: DeliveryContext, request: PlanRequest): Promise<PlanOutcome> {
  const { selectors, operation = 'apply', includePlanned = false, withDependents: further = false } = request;
  if (request.change !== undefined) refuseDestroy(operation);
  const change = request.change && (await selectedChange(context, request.change, { selectors, withDependents: further, includePlanned }));
  const source = request.tree;
  const whole = further && typeof source !== 'string' ? () => source([]) : source;
  const selected = await selectTree(selectors, whole, { gone: goneOf(change), includePlanned });
  const tree = further ? await withDependents(selected, context) : selected;
  const { targets: all, lost } = targetsFor(tree, change, operation);
  const inWave = request.wave === undefined ? all : ofWave(all, tree, request.wave, change !== undefined);
  const { targets, remarks: unplanned } = withoutVariables(inWave, request.notGiven ?? []);
  const base = request.base ?? change?.base;
  const history = changeOf(request.repository, tree.model, base, request.authors ?? []);
  // Before anybody is asked for credentials.
  refuseDirty({ dirty: tree.model.dirty, changedFiles: history.changedFiles }, context.env);
  const judged = (await request.judge?.(targets, tree.model.commit, base)) ?? {};
  refuse(judged.problems ?? [], exitCodes.refused);
  const report = await planBundle(judged.grants === undefined ? context : { ...context, grants: judged.grants }, {
    targets,
    commit: tree.model.commit,
    dirty: tree.model.dirty,
    changedFiles: history.changedFiles,
    authors: [...history.authors, ...(judged.authors ?? [])],
    rules: judged.rules ?? history.rules,
    covers: coveredEnvironments(tree, selectors),
    unplanned,
    models: new Map(tree.model.units.map((unit) => [unit.path, unit])),
    places: placesOfReaders(tree, source, history.repository),
    memory: memoryOf(tree.model, history.repository, request),
    recipients: request.recipients,
    out: request.out,
    ...(judged.recipientsOf === undefined ? {} : { recipientsOf: judged.recipientsOf }),
    ...(judged.notes === undefined ? {} : { notes: judged.notes }),
    ...(request.supersedes === undefined ? {} : { supersedes: request.supersedes }),
    ...(request.mock === undefined ? {} : { mock: request.mock }),
    ...(request.lock === undefined ? {} : { lock: request.lock }),
    ...(request.round === undefined ? {} : { round: request.round }),
    ...(request.shard === undefined ? {} : { shard: request.shard, undivided: request.wave === 'gone' }),
    ...(request.expiresIn === undefined ? {} : { expiresIn: request.expiresIn }),
  });
  const sealed = isSealed(report.bundle);
  const denied = sealed && judged.denials !== undefined ? await judged.denials(await verifyContent(report.content)) : [];
  if (denied.length > 0) rmSync(request.out, { recursive: true, force: true });
  refuse(denied, exitCodes.refused);
  const environments = [...new Set(targets.map(({ unit }) => `${unit.system}/${unit.environment}`))].toSorted();
  return {
    ...report,
    place: sealed ? request.out : undefined,
    excluded: tree.excluded,
    lost,
    unselected: change?.unselected ?? [],
    ownRecipients: environments.filter((environment) => judged.recipientsOf?.(environment) !== undefined),
  };
}

/** Units that a change removes: selectors may name what holds nothing else any more. */
function goneOf(change: SelectedChange | undefined): readonly string[] {
  return change?.units.flatMap(({ unit, operation }) => (operation === 'destroy' ? [unit] : [])) ?? [];
}

function targetsFor(
  tree: SelectedTree,
  change: SelectedChange | undefined,
  operation: 'apply' | 'destroy',
): { readonly targets: readonly PlanTarget[]; readonly lost: readonly string[] } {
  if (change === undefined) return { targets: targetsOf(tree, operation), lost: [] };
  return { targets: affectedTargets(tree, change.units, change.before), lost: withoutFiles(change.units, change.before) };
}

/**
 * The targets of one wave. What is gone from the source is in none: it is destroyed when all have left it, whatever wave it had. A change may
 * have none in a wave; a selection that has none was mistyped: E6066.
 */
function ofWave(
  targets: readonly PlanTarget[],
  { model }: SelectedTree,
  wave: number | 'gone',
  mayBeEmpty: boolean,
): readonly PlanTarget[] {
  const source = new Set(model.units.map(({ path }) => path));
  const found = targets.filter(({ unit }) => (source.has(unit.path) ? unit.wave === wave : wave === 'gone'));
  if (found.length > 0 || targets.length === 0 || mayBeEmpty) return found;
  throw failed(
    'E6066',
    {
      place: '--wave',
      found: `no selected unit is in wave ${wave}`,
      expected: [...new Set(targets.map((target) => target.unit.wave))].toSorted((a, b) => a - b).join(', '),
      todo: '`terrace list` shows the wave of each unit',
    },
    exitCodes.wrongUsage,
  );
}
