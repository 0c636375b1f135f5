import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { TerraceError, exitCodes, type ExitCode, type Problem } from '../../base/errors';
import { filesOf, type VerifiedBundle } from '../bundle/verify';
import { knownSecrets } from '../plan/known-secrets';
import { keepLog } from '../terraform/kept-log';
import { initArguments } from '../terraform/provider-mirror';
import { remoteStatesOf } from '../../terraform/remote-states';
import { readUpstreams, sensitiveOutputs, type Upstream } from '../record/upstreams';
import { failed, refused } from '../problems';
import { secretsOf } from '../masking/secrets';
import type { DeliveryContext } from '../terraform/context';
import { runWatched } from '../terraform/busy';
import { processEnvironments, requiredSources, type ProcessEnvironments } from '../terraform/process-environment';
import { expectSuccess, problemsOf, stepError } from '../terraform/terraform-steps';
import type { StateObject } from '../record/states';
import { openWorkspace, type Workspace } from '../terraform/workspace';
import { cannotWrite } from '../tree/write-files';

import { compareInputs, compareState, refuseLostState, refuseUnsaidForgotten } from './comparison';
import { isNotUploaded, keepErroredState } from '../record/errored-state';
import type { OpenedUnit } from './open-bundle';
import { alreadyDone, refuseUsedPlan } from './used-plan';
import { unmovedProblems } from './unmoved-state';
import { requireWritten } from './written-state';
import { keptStateProblems } from '../record/kept-states';
import type { AppliedRecord } from '../record/record';
import { begunIn, begunOf, plannedCreations, unfinishedOf, unfinishedProblems } from '../record/unfinished';
import { noteUnfinished, readUnfinished, settleUnfinished } from '../record/unfinished-notes';
import { begunRecord, recordOf } from '../record/record-of';

/** How applying one unit ended. */
export type UnitApply =
  | { readonly kind: 'applied'; readonly seconds: number }
  /** An earlier run of the same bundle did it; the reason names a lock that it left. */
  | { readonly kind: 'already'; readonly reason?: string }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'failed'; readonly problems: readonly Problem[]; readonly exitCode: ExitCode; readonly seconds: number };

/**
 * Applies one approved plan under the state's lock: state and consumed outputs are read again, compared (G2), and nothing but the sealed plan
 * is given to terraform. The record beside the state says `applying` before terraform starts and how it ended afterwards. Never rejects.
 */
export async function applyUnit(context: DeliveryContext, verified: VerifiedBundle, opened: OpenedUnit): Promise<UnitApply> {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const { entry } = opened;
  const { unit } = entry;
  try {
    const account = await context.accounts.environmentFor(unit, entry.environment);
    const kept = keptStateProblems(context.work, unit.path);
    if (kept.length > 0) throw new TerraceError(kept, exitCodes.refused);
    const before = await context.states.readRecord(unit, account);
    if (before?.bundle === verified.content.hash) {
      if (before.status === 'applied' || before.status === 'destroyed')
        return alreadyDone(unit.path, await context.states.holder(unit, account));
      await refuseUsedPlan(context, opened, before, account);
    }
    const files = filesOf(verified.content, entry);
    const json: unknown = JSON.parse(Buffer.from(files.get('main.tf.json') ?? new Uint8Array()).toString('utf8'));
    const env = processEnvironments(account, {
      variables: unit.variables,
      providers: requiredSources(json),
      pass: context.grants(unit).pass.variables,
    });
    const workspace = openWorkspace(context.work, unit.path, files, { home: context.env['HOME'], files: context.grants(unit).pass.files });
    try {
      const step = {
        unit: unit.path,
        secrets: secretsOf(opened.plan, opened.unmasked.further),
        log: path.join(context.logs, `${unit.path}.log`),
      };
      if (!entry.unchanged)
        expectSuccess(
          await context.run({
            cwd: workspace.folder,
            env: env.init,
            log: workspace.file('terrace.log'),
            signal: context.signal,
            args: await initArguments(context, files, env.init),
          }),
          { ...step, name: 'init', code: 'E6035' },
        );
      if (!entry.unchanged) await refuseOtherPlan(context, opened, { workspace, env: env.run });
      await context.states.locked(unit, account, `bundle ${verified.content.hash.slice(0, 12)}`, () =>
        underLock(context, verified, opened, { workspace, env, account, files }),
      );
      return { kind: 'applied', seconds: seconds() };
    } finally {
      const secrets = secretsOf(opened.plan, [...opened.unmasked.further]);
      keepLog(
        workspace.file('terrace.log'),
        path.join(context.logs, `${unit.path}.log`),
        secrets.size > 0 ? secrets : knownSecrets(unit, env.run, opened.unmasked.further),
      );
      if (keepErroredState(workspace, unit.path, context.work)) workspace.remove();
    }
  } catch (error) {
    return {
      kind: 'failed',
      problems: problemsOf(error, unit.path),
      exitCode: error instanceof TerraceError ? error.exitCode : exitCodes.failed,
      seconds: seconds(),
    };
  }
}

interface Running {
  readonly workspace: Workspace;
  readonly env: ProcessEnvironments;
  readonly account: NodeJS.ProcessEnv;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

async function underLock(context: DeliveryContext, verified: VerifiedBundle, opened: OpenedUnit, running: Running): Promise<void> {
  const { entry } = opened;
  const { unit } = entry;
  // Until the lock was taken somebody else could apply, or give up a reader.
  const [state, before] = await Promise.all([context.states.read(unit, running.account), context.states.readRecord(unit, running.account)]);
  const unfinished = unfinishedProblems(unit.path, unfinishedOf(readUnfinished(context.work, unit.path), before, state?.text));
  if (unfinished.length > 0) throw new TerraceError(unfinished, exitCodes.refused);
  compareState(opened, state);
  refuseLostState(verified, unit.path, before, state);
  refuseUnsaidForgotten(verified.bundle, unit.path, before);
  const json: unknown = JSON.parse(Buffer.from(running.files.get('main.tf.json') ?? new Uint8Array()).toString('utf8'));
  const remotes = remoteStatesOf(json);
  const upstreams = await readUpstreams(unit, remotes, context.states, running.account);
  compareInputs(opened, upstreams);
  const own = recordFor(verified, opened, json, upstreams, context.now());
  // Who read it while it was shared may read it still.
  const record = unit.shared === true || before?.shared === true ? { ...own, shared: true } : own;
  const planned = plannedCreations(opened.plan, state?.text);
  const begun = begunRecord(record, before, planned);
  const done: AppliedRecord['status'] = entry.operation === 'destroy' ? 'destroyed' : 'applied';
  if (entry.unchanged) {
    await context.states.writeRecord(unit, running.account, { ...record, status: done });
    return;
  }
  if (context.signal.aborted)
    throw failed('E6036', {
      place: unit.path,
      found: 'interrupted before terraform was started; nothing was changed',
      todo: 'run the command again',
    });
  begin(running.workspace, unit.path, begun.at);
  await context.states.writeRecord(unit, running.account, begun);
  const secrets = secretsOf(opened.plan, [...opened.unmasked.further, ...sensitiveOutputs(upstreams)]);
  // Terrace holds the lock from the comparison to the record: between two locks somebody else could apply.
  const result = await runWatched(context, unit.path, {
    cwd: running.workspace.folder,
    env: running.env.run,
    log: running.workspace.file('terrace.log'),
    signal: context.signal,
    args: ['apply', '-input=false', '-no-color', '-lock=false', 'tfplan'],
  });
  const isUnsaved = isNotUploaded(running.workspace);
  const isEnded = result.exitCode === 0 && !result.interrupted && !isUnsaved;
  const made = begunOf(planned, begunIn(result.stdout));
  // Until its state was seen, nobody knows that what it made stands there.
  noteUnfinished(context.work, unit.path, { of: begun.at, resources: made });
  let after: StateObject | undefined;
  let left = made;
  let unmoved: readonly Problem[] = [];
  try {
    after = await context.states.read(unit, running.account);
    if (result.killedBy === null && !isUnsaved) left = unfinishedOf({ resources: made }, undefined, after?.text);
    if (isEnded && left.length === 0)
      unmoved = await unmovedProblems(context, opened, { workspace: running.workspace, env: running.env.run }, { before: state, after });
    const now = { lineage: after?.lineage ?? null, serial: after?.serial ?? 0 };
    const ended: AppliedRecord =
      isEnded && left.length === 0 && unmoved.length === 0
        ? { ...record, status: done }
        : { ...begunRecord(record, before, left), status: 'failed' };
    await context.states.writeRecord(unit, running.account, { ...ended, state: now, at: context.now().toISOString() });
    // By now every machine knows it.
    settleUnfinished(context.work, unit.path);
  } catch (cause) {
    // Credentials that expired meanwhile fail here as they failed terraform: its state counts more than a record.
    if (isUnsaved) throw notUploaded(unit.path, cause);
    if (isSimulated(cause))
      await context.states.writeRecord(unit, running.account, {
        ...begunRecord(record, before, left),
        status: 'failed',
        state: begun.state,
      });
    throw cause;
  }
  if (isUnsaved) throw notUploaded(unit.path);
  if (isEnded) await requireWritten(context, unit, running.account, { text: after?.text, missing: left, unmoved });
  if (!isEnded)
    throw stepError(result, { unit: unit.path, name: 'apply', code: 'E6019', secrets, log: path.join(context.logs, `${unit.path}.log`) });
}

/**
 * The binary plan is the one that was reviewed: terraform itself shows it, and what it shows is byte for byte the JSON from which the
 * review was made (G16). Written before the record: a disk that is full here has changed nothing. Raises E6079, E6027, E6018.
 */
async function refuseOtherPlan(
  context: DeliveryContext,
  { entry, unmasked }: OpenedUnit,
  { workspace, env }: { readonly workspace: Workspace; readonly env: NodeJS.ProcessEnv },
): Promise<void> {
  const place = entry.unit.path;
  writePlan(workspace, place, unmasked.plan);
  const shown = await context.run({
    cwd: workspace.folder,
    env,
    signal: context.signal,
    args: ['show', '-json', '-no-color', 'tfplan'],
  });
  if (shown.exitCode === 0 && !shown.interrupted && shown.stdout === unmasked.show) return;
  expectSuccess(shown, { unit: place, name: 'show', code: 'E6018', log: path.join(context.logs, `${place}.log`) });
  throw refused('E6079', {
    place,
    found: 'the binary plan differs from the JSON that was reviewed',
    todo: 'plan again, and approve that plan',
  });
}

/** What terraform did stands in no state yet: planned again, it would be done twice. */
function notUploaded(unit: string, cause?: unknown): TerraceError {
  const further = cause instanceof TerraceError ? cause.problems.map(({ code, title, found }) => `\n${code} ${title}: ${found}`) : [];
  return failed(
    'E6053',
    {
      place: unit,
      found: `terraform applied the plan but could not upload its state, which is kept on this machine${further.join('')}`,
      todo: `before planning this unit again: terrace state recover ${unit}`,
    },
    exitCodes.failed,
    cause,
  );
}

/** True where what terraform wrote are simulated resources, in a state that is not the sandbox's. */
function isSimulated(error: unknown): boolean {
  return error instanceof TerraceError && error.problems.some(({ code }) => code === 'E4507');
}

/** From here on a Terrace that is killed leaves its workspace as what tells what terraform had begun. */
function begin(workspace: Workspace, unit: string, at: string): void {
  try {
    workspace.begin(at);
  } catch (cause) {
    throw cannotWrite(unit, cause);
  }
}

function writePlan(workspace: Workspace, unit: string, plan: Uint8Array): void {
  try {
    writeFileSync(workspace.file('tfplan'), plan, { mode: 0o600 });
  } catch (cause) {
    throw cannotWrite(unit, cause);
  }
}

function recordFor(
  { bundle, content }: VerifiedBundle,
  { entry, plan }: OpenedUnit,
  json: unknown,
  upstreams: readonly Upstream[],
  now: Date,
): AppliedRecord {
  const { commit, round, terraform } = bundle;
  return recordOf({
    unit: entry.unit.path,
    commit,
    files: entry.contentDigest,
    bundle: content.hash,
    round,
    state: entry.state,
    upstreams,
    json,
    plan,
    terraform,
    now,
  });
}
