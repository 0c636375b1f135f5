import path from 'node:path';

import { jsonText } from '../../base/visible';
import { recipientsFor } from '../../delivery/approve/rules';
import { planJudge } from '../../delivery/approve/plan-judgement';
import { plan, type PlanOutcome, type PlanRequest } from '../../delivery/plan/plan';
import { bundleJson, bundleText } from '../../delivery/report/summary';
import { accountsFrom } from '../../delivery/terraform/accounts';
import { exitCodes } from '../../base/errors';
import { hasChanges } from '../../terraform/action-counts';
import type { TerraformBinary } from '../../terraform/binary';
import { shownOn } from '../shown-on';
import type { CommandContext } from '../command-context';
import { judges } from '../judges';
import { synthesizeAside, synthesizeSource } from '../source-tree';
import { positive, printProblems, withDelivery, type RunFlags } from '../with-delivery';
import { malformedValue, missingOption } from '../usage-problems';
import { unselectedText } from './affected-text';

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
  const request = await requestOf(context, selectors, flags);
  const outcome = await withDelivery(context.work(flags.tree ?? '.'), flags, (delivery) => plan(delivery, request), terraform);
  process.stderr.write(omissionsText(outcome));
  if (request.recipients.length > 0)
    for (const environment of outcome.ownRecipients)
      process.stderr.write(`${environment}: its plans are encrypted to the recipients in its approval rules, not to those given here\n`);
  const { bundle, content, place } = outcome;
  const shown = path.relative(process.cwd(), request.out) || request.out;
  process.stdout.write(
    flags.json === true
      ? `${jsonText({ ...bundleJson(bundle, content.hash), place: place ?? null }, 2)}\n`
      : `\n${bundleText(bundle, content.hash, shownOn(process.stdout))}\n${place === undefined ? 'nothing to apply: no bundle was written' : `${nextStep(bundle, shown, content.hash)}\n${shown}`}\n`,
  );
  printProblems(outcome.problems);
  const changes = bundle.deferred.length > 0 || bundle.units.some((entry) => hasChanges(entry.actions));
  process.exitCode =
    outcome.exitCode === exitCodes.done && changes && flags.detailedExitcode === true ? exitCodes.changes : outcome.exitCode;
}

/** What comes next: nobody can approve what was planned on mocks. */
function nextStep({ units }: PlanOutcome['bundle'], place: string, hash: string): string {
  return units.some(({ mocks }) => mocks.length > 0)
    ? `review:  terrace review ${place} --open`
    : `approve: terrace approve ${place} --hash ${hash.slice(0, 12)}`;
}

/** What the words of a command line ask for. */
async function requestOf(context: CommandContext, selectors: readonly string[], flags: PlanFlags): Promise<PlanRequest> {
  const shard = flags.shard === undefined ? undefined : shardFrom(flags.shard, flags.wave);
  const [project, repository] = [context.projectIfAny(), context.history()];
  const work = context.work(flags.tree ?? '.');
  const place = {
    ...(project === undefined ? {} : { project }),
    ...(repository === undefined ? {} : { repository }),
    ...(flags.base === undefined ? {} : { branch: flags.base }),
    ...(flags.policies === undefined ? {} : { policies: flags.policies }),
    ...(flags.supersedes === undefined ? {} : { supersedes: flags.supersedes }),
  };
  return {
    selectors,
    tree: flags.tree ?? synthesizeSource(context),
    ...(flags.affected === undefined ? {} : { change: changeOf(context, flags.affected, flags) }),
    operation: flags.destroy === true ? 'destroy' : 'apply',
    withDependents: flags.withDependents ?? false,
    includePlanned: context.includePlanned,
    ...(flags.wave === undefined ? {} : { wave: flags.wave === 'gone' ? 'gone' : wholeNumber(flags.wave, '--wave') }),
    ...(repository === undefined ? {} : { repository }),
    ...(flags.base === undefined ? {} : { base: flags.base }),
    authors: flags.author ?? [],
    leaveOut: flags.leaveOut ?? false,
    startEmpty: flags.startEmpty ?? [],
    notGiven: flags.notGiven ?? [],
    judge: planJudge({ env: process.env, accounts: accountsFrom(process.env), judges, ...place }),
    recipients: await recipientsFor(flags, process.env),
    ...(flags.supersedes === undefined ? {} : { supersedes: flags.supersedes }),
    out: path.resolve(flags.out ?? path.join(work, 'bundles', defaultName(new Date()))),
    mock: flags.mock ?? false,
    lock: flags.lock ?? true,
    round: flags.round === undefined ? 1 : positive(flags.round, '--round'),
    ...(shard === undefined ? {} : { shard }),
    ...(flags.expires === undefined ? {} : { expiresIn: hours(flags.expires) }),
  };
}

/** What `--affected` names: a tree that was synthesized before stands for the source. */
function changeOf(context: CommandContext, base: string, { tree, before, allowEmpty }: PlanFlags): NonNullable<PlanRequest['change']> {
  const repository = context.projectIfAny();
  return {
    base,
    tree: tree ?? synthesizeAside(context),
    ...(before === undefined ? {} : { before }),
    ...(repository === undefined ? {} : { repository }),
    allowEmpty: allowEmpty ?? false,
  };
}

function omissionsText({ excluded, lost, unselected }: PlanOutcome): string {
  const lines = [
    ...(excluded.length === 0 ? [] : [`${namesOf(excluded)} left out: only \`terrace backend bootstrap\` or its own path selects it`]),
    ...lost.map(
      (unit) => `${unit} is not destroyed: no commit in this clone has the files that it was applied with (git fetch may bring it)`,
    ),
  ];
  return `${unselectedText(unselected)}${lines.map((line) => `${line}\n`).join('')}`;
}

function namesOf(units: readonly string[]): string {
  return units.length === 1 ? `${units[0]} is` : `${units.length} backend/state units are`;
}

/** `2/8`. A shard is a part of one wave: in it no unit waits for another one. */
function shardFrom(text: string, wave: string | undefined): { readonly index: number; readonly count: number } {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || index < 1 || index > count) throw malformedValue('--shard', text, '1/n to n/n', 'for example: --shard 2/8');
  if (wave === undefined)
    throw missingOption(
      '--shard',
      'it also needs --wave',
      'a shard is a part of one wave, in which no unit waits for another: add --wave N',
    );
  return { index, count };
}

function wholeNumber(text: string, flag: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw malformedValue(
    flag,
    text,
    flag === '--wave' ? 'a whole number from 0, or gone' : 'a whole number from 0',
    '`terrace list` shows the waves',
  );
}

/** Hours; `90m`, `24h` and `2d` as well. */
function hours(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(m|h|d)?$/.exec(text);
  const number = Number(match?.[1]) * { m: 1 / 60, h: 1, d: 24 }[(match?.[2] ?? 'h') as 'm' | 'h' | 'd'];
  if (number > 0 && number <= 24 * 31) return number;
  throw malformedValue('--expires', text, '90m, 24h or 2d; at most 31 days', 'pass such a time with --expires');
}

function defaultName(now: Date): string {
  return `${now.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)}-${process.pid}`;
}
