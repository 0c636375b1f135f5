import { appendFileSync } from 'node:fs';

import { quantity } from '../../base/plural';
import { TerraceError, exitCodes, type ExitCode, type Problem, worstOf } from '../../base/errors';
import { plannedError } from '../../model/planned';
import { evaluate, type ApprovalStanding, type SignedFile } from '../approval/evaluate';
import { grantsOfAll, type Judge } from '../approval/judgement';
import type { BundleContent } from '../bundle/content';
import { emptyProblems, judgementProblems, taintProblems, validityProblems, verifyContent, type VerifiedBundle } from '../bundle/verify';
import { failed, problem, refused } from '../problems';
import { onceForBackend } from '../record/missing-backend';
import type { DeliveryContext } from '../terraform/context';
import { failure } from '../terraform/events';
import { runInOrder } from '../terraform/pool';
import type { GrantsOf } from '../terraform/grants';
import { isSandbox, isUnjudged } from '../../base/sandbox-shell';
import { sweepWorkspaces } from '../terraform/workspace';

import { applyUnit, type UnitApply } from './apply-unit';
import { openBundle } from './open-bundle';
import { refuseReadSince } from './read-since';

/** What must be true before anything of a bundle is applied. */
export interface ApprovalRequest {
  readonly content: BundleContent;
  readonly approvals: readonly SignedFile[];
  /** What judges it. */
  readonly judge: Judge;
  readonly now: Date;
  /** Variables of the shell: in the sandbox a dirty tree is applied. */
  readonly env: NodeJS.ProcessEnv;
  /** Commit that is meant to be applied: a bundle of another one is refused. @default whatever was approved */
  readonly commit?: string;
}

export interface ApplyRequest extends Omit<ApprovalRequest, 'now' | 'env'> {
  /** Age identities. */
  readonly identities: readonly string[];
  /** Paths that the caller expects to be applied; any other set is refused. @default whatever was approved */
  readonly expect?: readonly string[];
  /** Called when everything that the bundle names was applied, now or before; what it gives back is said to who applied. @default nothing */
  readonly onApplied?: (verified: VerifiedBundle) => Promise<readonly string[]>;
  /** Apply units of environments that are described and not built yet, too. @default false */
  readonly includePlanned?: boolean;
}

export interface ApplyReport {
  readonly results: ReadonlyMap<string, UnitApply>;
  readonly problems: readonly Problem[];
  /** What else there is to say, such as which commit is accepted now. */
  readonly notes: readonly string[];
  readonly exitCode: ExitCode;
}

/** What a bundle asks for, and every reason to refuse it as it is. */
export interface Inspection extends VerifiedBundle {
  readonly grants: GrantsOf;
  readonly standing: readonly ApprovalStanding[];
  readonly problems: readonly Problem[];
}

/** Compares a bundle with its approvals, without a key. Raises only where it is no whole bundle (E6001 to E6003), or nobody can judge it. */
export async function inspectApproved(request: ApprovalRequest): Promise<Inspection> {
  const verified = await verifyContent(request.content);
  const { bundle } = verified;
  const judgements = await request.judge(verified);
  const grants = grantsOfAll(judgements);
  const verdicts = judgements.map(({ policy, findings, authors, environments }) =>
    evaluate({
      bundle,
      hash: verified.content.hash,
      policy,
      envelopes: request.approvals,
      findings,
      now: request.now,
      ...(authors === undefined ? {} : { authors }),
      ...(environments === undefined ? {} : { environments }),
    }),
  );
  const problems = [
    ...emptyProblems(bundle),
    ...validityProblems(bundle, { ...request, allowDirty: isSandbox(request.env) }),
    ...taintProblems(bundle),
    ...(await judgementProblems(verified, grants, isUnjudged(request.env))),
    ...verdicts.flatMap((verdict) => verdict.problems),
    ...judgements.flatMap(({ denials = [] }) => denials),
  ];
  return { ...verified, grants, standing: verdicts.flatMap(({ standing }) => standing), problems };
}

/** Verifies a bundle and its approvals, without a key. Raises every reason to refuse at once (exit 3). */
export async function verifyApproved(request: ApprovalRequest): Promise<VerifiedBundle & { readonly grants: GrantsOf }> {
  const { problems, standing: _standing, ...verified } = await inspectApproved(request);
  if (problems.length > 0) throw new TerraceError(problems, exitCodes.refused);
  return verified;
}

/**
 * Applies exactly the approved plans, in order, and records each unit as it goes. What an earlier run of the same bundle finished stays; what
 * it left in flight is refused (E6016), and so is a planned environment that is not included (E1208). A unit that fails stops its dependents; its siblings end. The only way anything is ever applied.
 */
export async function applyBundle(context: DeliveryContext, request: ApplyRequest): Promise<ApplyReport> {
  const { grants, ...verified } = await verifyApproved({ ...request, now: context.now(), env: context.env });
  const { bundle, content } = verified;
  const planned = bundle.units.flatMap(({ unit }) => (unit.planned === true ? [unit.path] : []));
  if (planned.length > 0 && request.includePlanned !== true) throw plannedError(planned);
  const version = `${context.binary.name} ${context.binary.version}`;
  const before = `${bundle.terraform.name} ${bundle.terraform.version}`;
  if (version !== before)
    throw refused('E6014', {
      place: content.place,
      found: version,
      expected: before,
      todo: `use ${before}, or plan again with ${version}`,
    });
  expectUnits(verified, request.expect);
  const opened = await openBundle(verified, request.identities);
  await refuseReadSince(context, opened, content.hash);
  sweepWorkspaces(context.work);
  context.onEvent({ type: 'round', phase: 'apply', round: bundle.round, units: bundle.units.map((entry) => entry.unit.path) });
  const tasks = opened.map((unit) => ({ path: unit.entry.unit.path, after: unit.entry.after, unit }));
  const results = await runInOrder<(typeof tasks)[number], UnitApply>(tasks, context.parallel, async ({ path, after, unit }, earlier) => {
    const blocked = after.find((other) => !['applied', 'already'].includes(earlier.get(other)?.kind ?? ''));
    const reason = blocked === undefined ? (context.signal.aborted ? 'interrupted' : undefined) : `${blocked} was not applied`;
    if (reason === undefined) context.onEvent({ type: 'applying', unit: path });
    const result: UnitApply = reason === undefined ? await applyUnit({ ...context, grants }, verified, unit) : { kind: 'skipped', reason };
    announce(context, path, unit.entry, result);
    journal(content.place, { unit: path, bundle: content.hash, at: context.now().toISOString(), ...summary(result) });
    return result;
  });
  const problems = [...onceForBackend([...results.values()].flatMap((result) => (result.kind === 'failed' ? result.problems : [])))];
  const codes = [...results.values()].flatMap((result) => (result.kind === 'failed' ? [result.exitCode] : []));
  if (context.signal.aborted) {
    context.onEvent({ type: 'interrupted' });
    const left = [...results].filter(([, result]) => result.kind === 'skipped').map(([path]) => path);
    problems.push(
      ...failed('E6058', {
        place: content.place,
        found: `interrupted; ${quantity(left.length, 'unit')} ${left.length === 1 ? 'was' : 'were'} not begun`,
        todo: 'apply the same bundle again: finished units stay as they are, units that were in flight are refused',
      }).problems,
    );
    codes.push(exitCodes.failed);
  }
  const isDone = [...results.values()].every(({ kind }) => kind === 'applied' || kind === 'already');
  let notes: readonly string[] = [];
  try {
    if (isDone) notes = (await request.onApplied?.(verified)) ?? [];
  } catch (error) {
    if (!(error instanceof TerraceError)) throw error;
    const outcome = 'every unit of the bundle is applied, but the accepted commit could not be recorded';
    problems.push(
      ...error.problems.map((one) => ({ ...one, found: `${one.found}\n${outcome}`, todo: `apply the same bundle again; ${one.todo}` })),
    );
    codes.push(error.exitCode);
  }
  return { results, problems, notes, exitCode: worstOf(codes) };
}

function expectUnits(verified: VerifiedBundle, expected: readonly string[] | undefined): void {
  if (expected === undefined) return;
  const found = verified.bundle.units.map((entry) => entry.unit.path);
  const missing = expected.filter((path) => !found.includes(path));
  const extra = found.filter((path) => !expected.includes(path));
  if (missing.length + extra.length === 0) return;
  throw new TerraceError(
    problem('E6015', {
      place: verified.content.place,
      found: [
        ...missing.map((path) => `expected, but not in the bundle: ${path}`),
        ...extra.map((path) => `in the bundle, but not expected: ${path}`),
      ].join('\n'),
      todo: 'plan exactly these units, and approve that plan',
    }),
    exitCodes.refused,
  );
}

function announce(context: DeliveryContext, unit: string, { operation, actions }: Applied, result: UnitApply): void {
  if (result.kind === 'applied') context.onEvent({ type: 'applied', unit, operation, actions, seconds: result.seconds });
  else if (result.kind === 'already')
    context.onEvent({ type: 'skipped', unit, reason: result.reason ?? 'already applied from this bundle' });
  else if (result.kind === 'skipped') context.onEvent({ type: 'skipped', unit, reason: result.reason });
  else context.onEvent(failure(unit, 'apply', result.problems, result.seconds));
}

type Applied = VerifiedBundle['bundle']['units'][number];

function summary(result: UnitApply): object {
  if (result.kind === 'failed') return { status: 'failed', codes: result.problems.map((one) => one.code), seconds: result.seconds };
  return result.kind === 'skipped' ? { status: 'skipped', reason: result.reason } : { status: result.kind };
}

/** One line of JSON for each unit beside the bundle, as it goes. A place that cannot be written does not stop an apply: the records count. */
function journal(place: string, line: object): void {
  try {
    appendFileSync(`${place.replace(/\/+$/, '')}.applied.jsonl`, `${JSON.stringify({ version: 1, ...line })}\n`);
  } catch {
    // The record beside the state says the same.
  }
}
