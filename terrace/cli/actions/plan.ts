import { rmSync } from 'node:fs';
import path from 'node:path';

import type { AffectedReport } from '../../delivery/affected/affected';
import { type Tree, loadTree } from '../../delivery/tree/load-tree';
import { hasChanges } from '../../terraform/action-counts';
import { memoryOf } from '../../delivery/plan/memory-of';
import { withDependents } from '../../delivery/plan/dependents';
import { refuseDirty } from '../../delivery/plan/changed-work-tree';
import { isSealed, planBundle } from '../../delivery/plan/plan-bundle';
import { awsStates } from '../../delivery/record/states';
import { accountsFrom } from '../../delivery/terraform/accounts';
import { readModel } from '../../model/model-file';
import type { PlanTarget } from '../../delivery/target/plan-target';
import { failed } from '../../delivery/problems';
import { bundleJson, bundleText } from '../../delivery/report/summary';
import { exitCodes, refuse, type Problem } from '../../base/errors';
import { acceptedChange, type AcceptedChange } from '../../delivery/approve/accepted-change';
import { environmentsOf } from '../../delivery/approve/accepted-judge';
import { coveredEnvironments } from '../../delivery/plan/covered';
import { withoutVariables } from '../../delivery/plan/not-given';
import { grantsFrom } from '../../delivery/terraform/grants';
import { verifyContent, type VerifiedBundle } from '../../delivery/bundle/verify';
import { isSandbox, isUnjudged } from '../../base/sandbox-shell';
import { judges } from '../judges';
import { partOf } from '../../model/select';
import type { CommandContext } from '../command-context';
import type { TerraformBinary } from '../../terraform/binary';

import { factsOfFolder, judgePlace, recipientsFor } from '../../delivery/approve/rules';
import { positive, printProblems, withDelivery, type RunFlags } from '../with-delivery';
import {
  affectedTargets,
  changeOf,
  deletedFolder,
  readAffected,
  refuseEmpty,
  selectTree,
  targetsOf,
  withoutFiles,
  type SelectedTree,
} from '../../delivery/plan/selection';
import { synthesizeSource } from '../source-tree';

export interface PlanFlags extends RunFlags {
  readonly affected?: string;
  readonly base?: string;
  readonly wave?: string;
  readonly round?: string;
  readonly mock?: boolean;
  /** False with `--no-lock`. */
  readonly lock?: boolean;
  readonly shard?: string;
  readonly out?: string;
  readonly tree?: string;
  readonly before?: string;
  readonly detailedExitcode?: boolean;
  readonly destroy?: boolean;
  readonly recipient?: readonly string[];
  readonly recipients?: string;
  readonly expires?: string;
  readonly author?: readonly string[];
  readonly allowEmpty?: boolean;
  readonly withDependents?: boolean;
  readonly leaveOut?: boolean;
  readonly supersedes?: string;
  readonly policies?: string;
  readonly startEmpty?: readonly string[];
  readonly notGiven?: readonly string[];
}

/** `terrace plan` */
export async function runPlan(
  context: CommandContext,
  selectors: readonly string[],
  flags: PlanFlags,
  terraform: Promise<TerraformBinary>,
): Promise<void> {
  const shard = flags.shard === undefined ? undefined : shardFrom(flags.shard, flags.wave);
  const recipients = await recipientsFor(flags, process.env);
  const change = await changeFor(context, selectors, flags);
  const synthesize = synthesizeSource(context);
  const whole = flags.withDependents === true ? () => synthesize([]) : synthesize;
  const selected = await selectTree(selectors, flags.tree ?? whole, { gone: goneOf(change), includePlanned: context.includePlanned });
  const tree = flags.withDependents === true ? await withDependents(selected, accountsFrom(process.env), awsStates) : selected;
  const { targets, lost } = targetsFor(tree, change, flags);
  const ofAll = flags.wave === undefined ? targets : ofWave(targets, wholeNumber(flags.wave, '--wave'), change !== undefined);
  const { targets: inWave, remarks: unplanned } = withoutVariables(ofAll, flags.notGiven ?? []);
  if (tree.excluded.length > 0)
    process.stderr.write(`${namesOf(tree.excluded)} left out: only \`terrace backend bootstrap\` and its own path select it\n`);
  for (const unit of lost)
    process.stderr.write(
      `${unit} is not destroyed: no commit of this clone holds the files it was applied with (git fetch may bring it)\n`,
    );
  const base = change === undefined ? flags.base : change.base;
  const source = changeOf(context.history(), tree.model, base, flags.author ?? []);
  // Before anybody is asked for credentials.
  refuseDirty({ dirty: tree.model.dirty, changedFiles: source.changedFiles }, process.env);
  const judged = await judgedChange(context, inWave, tree.model.commit, { ...flags, ...(base === undefined ? {} : { base }) });
  refuse(judged.accepted?.problems ?? [], exitCodes.refused);
  for (const environment of recipients.length === 0 ? [] : environmentsOf(inWave))
    if (judged.accepted?.recipientsOf(environment) !== undefined)
      process.stderr.write(`${environment}: its plans are encrypted to the recipients of its rules, not to those given here\n`);
  const work = context.work(tree.folder);
  const out = path.resolve(flags.out ?? path.join(work, 'bundles', defaultName(new Date())));
  const report = await withDelivery(
    work,
    flags,
    (delivery) =>
      planBundle(
        { ...delivery, grants: judged.grants },
        {
          targets: inWave,
          commit: tree.model.commit,
          dirty: tree.model.dirty,
          changedFiles: source.changedFiles,
          authors: [...source.authors, ...(judged.accepted?.authors ?? [])],
          rules: judged.accepted?.rules ?? source.rules,
          covers: coveredEnvironments(tree, selectors),
          unplanned,
          ...(flags.supersedes === undefined ? {} : { supersedes: flags.supersedes }),
          models: new Map(tree.model.units.map((unit) => [unit.path, unit])),
          places: readModel(tree.folder).units,
          memory: memoryOf(tree.model, source.repository, flags),
          recipients,
          ...(judged.accepted === undefined ? {} : { recipientsOf: judged.accepted.recipientsOf, notes: judged.accepted.notes }),
          out,
          mock: flags.mock ?? false,
          lock: flags.lock ?? true,
          round: flags.round === undefined ? 1 : positive(flags.round, '--round'),
          ...(shard === undefined ? {} : { shard }),
          expiresIn: flags.expires === undefined ? 24 : hours(flags.expires),
        },
      ),
    terraform,
  );
  const { bundle, content } = report;
  const denied = isSealed(bundle) ? await judged.denials(await verifyContent(content)) : [];
  if (denied.length > 0) rmSync(out, { recursive: true, force: true });
  refuse(denied, exitCodes.refused);
  const place = path.relative(process.cwd(), out) || out;
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ ...bundleJson(bundle, content.hash), place: isSealed(bundle) ? out : null }, null, 2)}\n`
      : `\n${bundleText(bundle, content.hash)}\n${isSealed(bundle) ? `approve: terrace approve ${place} --hash ${content.hash.slice(0, 12)}\n${place}` : 'nothing to apply: no bundle was written'}\n`,
  );
  printProblems(report.problems);
  const changes = bundle.deferred.length > 0 || bundle.units.some((entry) => hasChanges(entry.actions));
  process.exitCode = report.exitCode === exitCodes.done && changes && flags.detailedExitcode === true ? exitCodes.changes : report.exitCode;
}

/** What judges a plan before anybody is asked. */
interface JudgedChange {
  /** Undefined in the sandbox, which has nothing to protect. */
  readonly accepted: AcceptedChange | undefined;
  readonly grants: AcceptedChange['grants'];
  readonly denials: (verified: VerifiedBundle) => Promise<readonly Problem[]>;
}

/**
 * The rules, policies and facts that each environment accepted last: they bind a plan before anybody is asked, and before terraform has the
 * credentials that a change names. In the sandbox the policies and facts of the work tree do, so that what will be refused is known.
 */
async function judgedChange(
  context: CommandContext,
  targets: readonly PlanTarget[],
  commit: string | null,
  flags: Pick<PlanFlags, 'base' | 'policies' | 'supersedes'>,
): Promise<JudgedChange> {
  if (isSandbox(process.env)) {
    const root = context.projectIfAny();
    const facts = await factsOfFolder(root);
    return {
      accepted: undefined,
      grants: grantsFrom(facts?.environments ?? {}),
      denials: async (verified) => (root === undefined || isUnjudged(process.env) ? [] : (await judges.denialsIn(root))(verified)),
    };
  }
  const place = judgePlace(context.history(), flags.base, judges, accountsFrom(process.env), flags.policies);
  const accepted = await acceptedChange(
    { ...place, ...(flags.supersedes === undefined ? {} : { supersedes: flags.supersedes }) },
    targets.map(({ unit, access }) => ({ unit, environment: access })),
    environmentsOf(targets),
    commit,
  );
  return { accepted, grants: accepted.grants, denials: accepted.denials };
}

/** What `--affected` selects. */
interface SelectedChange {
  readonly units: AffectedReport['units'];
  /** Where the files of units that are gone are. */
  readonly before: Tree | undefined;
  /** The commit that the change is compared with. */
  readonly base: string | undefined;
}

/** The change that `--affected` names, restricted to the selectors; undefined without it. */
async function changeFor(context: CommandContext, selectors: readonly string[], flags: PlanFlags): Promise<SelectedChange | undefined> {
  if (flags.affected === undefined) return undefined;
  if (flags.destroy === true)
    throw failed(
      'E6037',
      { place: '--destroy', found: '--affected decides itself what is destroyed', todo: 'give one of them' },
      exitCodes.wrongUsage,
    );
  if (flags.affected.endsWith('.json')) {
    const report = readAffected(flags.affected);
    refuseEmpty(report, flags.allowEmpty ?? false);
    const isSelected = partOf(selectors);
    const units = report.units.filter((unit) => isSelected(unit.unit));
    const before = units.some((unit) => unit.operation === 'destroy') ? loadTree(deletedFolder(flags.affected)) : undefined;
    return { units, before, base: flags.base ?? (report.base === 'applied' ? undefined : report.base) };
  }
  const { findAffected } = await import('./affected');
  const { report, base } = await findAffected(context, {
    selectors,
    base: flags.affected,
    allowEmpty: flags.allowEmpty ?? false,
    ...(flags.tree === undefined ? {} : { tree: flags.tree }),
    ...(flags.before === undefined ? {} : { before: flags.before }),
    withDependents: flags.withDependents ?? false,
  });
  return { units: report.units, before: base, base: flags.base ?? (flags.affected === 'applied' ? undefined : flags.affected) };
}

/** Units that a change removes: selectors may name what holds nothing else any more. */
function goneOf(change: SelectedChange | undefined): readonly string[] {
  return change?.units.flatMap(({ unit, operation }) => (operation === 'destroy' ? [unit] : [])) ?? [];
}

function targetsFor(
  tree: SelectedTree,
  change: SelectedChange | undefined,
  flags: PlanFlags,
): { readonly targets: readonly PlanTarget[]; readonly lost: readonly string[] } {
  if (change === undefined) return { targets: targetsOf(tree, flags.destroy === true ? 'destroy' : 'apply'), lost: [] };
  return { targets: affectedTargets(tree, change.units, change.before), lost: withoutFiles(change.units, change.before) };
}

/** The targets of one wave. A change may have none in it; a selection that has none was mistyped: E6037. */
function ofWave(targets: readonly PlanTarget[], wave: number, mayBeEmpty: boolean): readonly PlanTarget[] {
  const found = targets.filter((target) => target.unit.wave === wave);
  if (found.length > 0 || targets.length === 0 || mayBeEmpty) return found;
  throw failed(
    'E6037',
    {
      place: '--wave',
      found: `no selected unit is in wave ${wave}`,
      expected: [...new Set(targets.map((target) => target.unit.wave))].toSorted((a, b) => a - b).join(', '),
      todo: '`terrace list` shows the wave of each unit',
    },
    exitCodes.wrongUsage,
  );
}

function namesOf(units: readonly string[]): string {
  return units.length === 1 ? `${units[0]} is` : `${units.length} backend/state units are`;
}

/** `2/8`. A shard is a part of one wave: in it no unit waits for another one. */
function shardFrom(text: string, wave: string | undefined): { readonly index: number; readonly count: number } {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || index < 1 || index > count)
    throw failed(
      'E6037',
      { place: '--shard', found: text, expected: '1/n to n/n', todo: 'give for example --shard 2/8' },
      exitCodes.wrongUsage,
    );
  if (wave === undefined)
    throw failed(
      'E6037',
      { place: '--shard', found: 'no --wave', todo: 'shards are parts of one wave, in which no unit waits for another: add --wave N' },
      exitCodes.wrongUsage,
    );
  return { index, count };
}

function wholeNumber(text: string, flag: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw failed(
    'E6037',
    { place: flag, found: text, expected: 'a whole number from 0', todo: '`terrace list` shows the waves' },
    exitCodes.wrongUsage,
  );
}

/** Hours; `90m`, `24h` and `2d` as well. */
function hours(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(m|h|d)?$/.exec(text);
  const number = Number(match?.[1]) * { m: 1 / 60, h: 1, d: 24 }[(match?.[2] ?? 'h') as 'm' | 'h' | 'd'];
  if (number > 0 && number <= 24 * 31) return number;
  throw failed(
    'E6037',
    { place: '--expires', found: text, expected: '90m, 24h or 2d; at most 31 days', todo: 'give --expires such a time' },
    exitCodes.wrongUsage,
  );
}

function defaultName(now: Date): string {
  return `${now.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)}-${process.pid}`;
}
