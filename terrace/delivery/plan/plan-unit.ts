import { placesOf } from '../terraform/grants';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { TerraceError, exitCodes, type ExitCode, type Problem } from '../../base/errors';
import type { UnitModel } from '../../model/model';
import { contentDigest } from '../../model/content-digest';
import type { BundleUnit, ConsumedOutputs, MockedOutput } from '../bundle/bundle';
import type { Remark } from '../bundle/remark';
import type { AppliedRecord } from '../record/record';
import { protectionRemarks } from './protection-remarks';
import { changesNothing, countActions } from '../../terraform/action-counts';
import { canonicalText, keyedDigest, sha256 } from '../../base/canonical';
import { unitProblems } from '../judgement/unit-problems';
import { unitScopes } from '../judgement/unit-scopes';
import { failed, problem } from '../problems';
import { isUnjudged } from '../../base/sandbox-shell';
import { lostSecrets } from '../masking/flow';
import { maskPlan } from '../masking/mask-plan';
import { secretsOf, type Secrets } from '../masking/secrets';
import type { DeliveryContext } from '../terraform/context';
import { processEnvironments, requiredSources, type ProcessEnvironments } from '../terraform/process-environment';
import { keepLog } from '../terraform/kept-log';
import { expectSuccess, problemsOf } from '../terraform/terraform-steps';
import { openWorkspace, type Workspace } from '../terraform/workspace';
import { encryptPlan } from '../bundle/encrypted-plan';

import type { OutputChanges } from './deferral';
import { underItsLock } from './left-lock';
import { knownSecrets, secretSources, sensitiveVariables } from './known-secrets';
import { missingVariables } from './missing-variables';
import { withSourcesMocked } from './mocked-sources';
import { withMocks, type MockedConfiguration } from './mocks';
import { refuseUnmoved } from '../target/moved-state';
import { lostValues, type LostValues } from '../../terraform/lost-values';
import { parsePlan, type PlanJson } from '../../terraform/plan-json';
import { stateOfPlan } from '../terraform/plan-archive';
import type { PlanTarget } from '../target/plan-target';
import { consumedValues, outputsReadBy, remoteStatesOf } from '../../terraform/remote-states';
import { literalsOf } from '../../terraform/scope';
import { planAfterInit } from './plan-after-init';
import { refuseChangedFiles } from './changed-files';
import { missingOutputs, readUpstreams, recordsOfMissing, sensitiveOutputs, type Upstream } from '../record/upstreams';

/** A unit that could be planned. */
export interface PlannedUnit {
  readonly kind: 'planned';
  readonly entry: Omit<BundleUnit, 'after'>;
  readonly parts: UnitParts;
  /** All that dependents ask of the plan; the whole of it would be held until the last unit is planned. */
  readonly outputs: OutputChanges;
  /** What of it others lose, through outputs that they read. */
  readonly lost: LostValues;
  readonly remarks: readonly Remark[];
  readonly seconds: number;
}

/** How planning one unit ended. */
export type UnitPlanning =
  | PlannedUnit
  | {
      readonly kind: 'deferred';
      readonly upstream: string;
      readonly outputs: readonly string[];
      readonly reason: string;
      /** What its source changes; absent where that is not known. */
      readonly preview?: { readonly how: 'new' | 'same' | 'changes'; readonly masked?: Uint8Array };
    }
  | { readonly kind: 'failed'; readonly problems: readonly Problem[]; readonly exitCode: ExitCode }
  | { readonly kind: 'skipped'; readonly reason: string };

/** What of a unit goes into the bundle's folder. */
export interface UnitParts {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly masked: Uint8Array;
  readonly encrypted: Uint8Array;
}

export interface PlanOptions {
  /** Age recipients of a unit; at least one. */
  readonly recipients: (unit: UnitModel) => readonly string[];
  /** Fill missing outputs with mocks, and taint the plan. */
  readonly mock: boolean;
  /** False for a role that may not write the lock table: the plan is bound to the state's serial anyway. */
  readonly lock: boolean;
  /** Units by path, for mocks; those outside the selection too. */
  readonly models: ReadonlyMap<string, UnitModel>;
  /** Paths of all units that are planned in this run or were deferred: what is missing may come from them. */
  readonly selected: ReadonlySet<string>;
}

/** Told as soon as terraform said that a unit's plan changes nothing, no output either, before the plan was read. */
type OnUnchanged = () => void;

/** Plans one unit in a private copy of its folder and seals the result; never rejects. */
export async function planUnit(
  context: DeliveryContext,
  target: PlanTarget,
  options: PlanOptions,
  onUnchanged: OnUnchanged,
): Promise<UnitPlanning> {
  const started = performance.now();
  const since = Date.now();
  try {
    const judged = await unitProblems({
      unit: target.unit,
      files: target.files,
      provisioners: isUnjudged(context.env),
      ...placesOf(context.grants(target.unit)),
    });
    if (judged.length > 0) throw new TerraceError(judged, exitCodes.refused);
    const account = await context.accounts.environmentFor(target.unit, target.access);
    const absent = missingVariables([target.unit], context.env);
    if (absent.length > 0) throw new TerraceError(absent);
    await refuseUnmoved(context, target, account);
    const record = await context.states.readRecord(target.unit, account);
    const json: unknown = JSON.parse(Buffer.from(target.files.get('main.tf.json') ?? new Uint8Array()).toString('utf8'));
    const env = processEnvironments(account, {
      variables: target.unit.variables,
      providers: requiredSources(json),
      pass: context.grants(target.unit).pass.variables,
    });
    const remotes = remoteStatesOf(json);
    const upstreams = await readUpstreams(target.unit, remotes, context.states, account);
    const missing = missingOutputs(upstreams, options.models, await recordsOfMissing(target.unit, upstreams, context.states, account));
    const [first] = missing;
    if (first !== undefined && !options.mock && target.operation === 'apply') {
      const outputs = Object.keys(first.mocks);
      const found = first.noState ? `${first.unit} has no state yet` : `${outputs.join(', ')} of ${first.unit} is missing in its state`;
      if (options.selected.has(first.unit)) return { kind: 'deferred', upstream: first.unit, outputs, reason: found };
      throw failed('E6040', {
        place: target.unit.path,
        found,
        todo: 'plan and apply it first, select it too, or add --mock for a plan to look at',
      });
    }
    const mocked = missing.length > 0 && target.operation === 'apply' ? withMocks(json, missing) : { json, mocks: [] };
    const attempt = (configuration: MockedConfiguration): Promise<Omit<PlannedUnit, 'kind' | 'seconds'>> =>
      inWorkspace(context, target, configuration, (workspace) => {
        const { mocks } = configuration;
        return runPlan(context, target, options, {
          configuration: configuration.json,
          workspace,
          env,
          upstreams,
          mocks,
          isCutOff: missing.length > 0,
          record,
          onUnchanged,
        });
      });
    const run = (): ReturnType<typeof attempt> =>
      options.mock && target.operation === 'apply' ? withSourcesMocked(target.unit.path, mocked, attempt) : attempt(mocked);
    const result = options.lock ? await underItsLock(context, target.unit, { env: account, since }, run) : await run();
    return { kind: 'planned', ...result, seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    return {
      kind: 'failed',
      problems: problemsOf(error, target.unit.path),
      exitCode: error instanceof TerraceError ? error.exitCode : exitCodes.failed,
    };
  }
}

async function inWorkspace<T>(
  { work, env, grants }: DeliveryContext,
  target: PlanTarget,
  mocked: MockedConfiguration,
  run: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const files =
    mocked.mocks.length === 0
      ? target.files
      : new Map([...target.files, ['main.tf.json', Buffer.from(JSON.stringify(mocked.json))] as const]);
  const workspace = openWorkspace(work, target.unit.path, files, { home: env['HOME'], files: grants(target.unit).pass.files });
  try {
    return await run(workspace);
  } finally {
    workspace.remove();
  }
}

interface Running {
  /** What `main.tf.json` says. */
  readonly configuration: unknown;
  readonly workspace: Workspace;
  readonly env: ProcessEnvironments;
  readonly upstreams: readonly Upstream[];
  readonly mocks: readonly MockedOutput[];
  /** True where an upstream gives less than is read. */
  readonly isCutOff: boolean;
  readonly record: AppliedRecord | undefined;
  readonly onUnchanged: OnUnchanged;
}

async function runPlan(
  context: DeliveryContext,
  target: PlanTarget,
  options: PlanOptions,
  running: Running,
): Promise<Omit<PlannedUnit, 'kind' | 'seconds'>> {
  const { workspace, env, upstreams, mocks, isCutOff, record, onUnchanged } = running;
  const { unit } = target;
  const given = [...sensitiveOutputs(upstreams), ...sensitiveVariables(unit, env.run)];
  const known = knownSecrets(unit, env.run, given);
  const rawLog = workspace.file('terrace.log');
  const log = path.join(context.logs, `${unit.path}.log`);
  const step = { unit: unit.path, secrets: known, log, folder: workspace.folder };
  const run = { cwd: workspace.folder, env: env.run, log: rawLog, signal: context.signal };
  let secrets: Secrets = known;
  try {
    const planned = await planAfterInit(context, target, { ...run, initEnv: env.init, step }, [
      'plan',
      '-input=false',
      '-no-color',
      '-out=tfplan',
      '-detailed-exitcode',
      ...(options.lock ? [] : ['-lock=false']),
      ...(target.operation === 'destroy' ? ['-destroy'] : []),
      // What its upstream no longer gives is in the state as it was read last, and that is enough to destroy with.
      ...(target.operation === 'destroy' && isCutOff ? ['-refresh=false'] : []),
    ]);
    expectSuccess(planned, { ...step, name: 'plan', code: 'E6018' }, [0, exitCodes.changes]);
    if (planned.exitCode === 0) onUnchanged();
    const { log: _log, ...quiet } = run;
    const shown = await context.run({ ...quiet, args: ['show', '-json', '-no-color', 'tfplan'] });
    expectSuccess(shown, { ...step, name: 'show', code: 'E6018' });
    const plan = parsePlan(shown.stdout, unit.path);
    const scopes = await unitScopes(target.files, running.configuration);
    const further = [...given, ...lostSecrets(plan, scopes, secretSources(unit, upstreams))];
    secrets = secretsOf(plan, further);
    refuseChangedFiles(target, workspace, mocks);
    const key = randomBytes(32);
    const bytes = readFileSync(workspace.file('tfplan'));
    const consumed = target.operation === 'destroy' && isCutOff ? [] : consumedOutputs(plan, upstreams, key, target);
    const masked = Buffer.from(canonicalText(maskPlan(plan, { key, further, open: literalsOf(scopes) })));
    const logText = readFileSync(rawLog, 'utf8');
    const encrypted = await encryptPlan(
      { unit: unit.path, key, further, plan: mocks.length > 0 ? null : bytes, show: shown.stdout, log: logText },
      options.recipients(unit),
    );
    const actions = countActions(plan);
    const lockFile = target.files.get('.terraform.lock.hcl');
    const entry: Omit<BundleUnit, 'after'> = {
      unit,
      environment: target.access,
      operation: target.operation,
      files: [...target.files]
        .map(([name, content]) => ({ path: name, sha256: sha256(content), size: content.length }))
        .toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      contentDigest: contentDigest(target.files),
      lockFile: lockFile === undefined ? null : sha256(lockFile),
      state: stateOfPlan(bytes, unit.path),
      consumed,
      plan: mocks.length > 0 ? null : { sha256: sha256(bytes), size: bytes.length },
      show: { sha256: sha256(shown.stdout), size: Buffer.byteLength(shown.stdout) },
      masked: { sha256: sha256(masked), size: masked.length },
      encrypted: { sha256: sha256(encrypted), size: encrypted.length },
      actions,
      unchanged: changesNothing(plan),
      mocks,
    };
    return {
      entry,
      parts: { files: target.files, masked, encrypted },
      outputs: plan.output_changes ?? {},
      lost: lostValues(plan),
      remarks: protectionRemarks(unit.path, plan, record?.protects ?? []),
    };
  } finally {
    keepLog(rawLog, log, secrets);
  }
}

/** Digests of what the plan really read. The state must still give it: an upstream that moves while it is planned is no base for a plan. */
function consumedOutputs(plan: PlanJson, upstreams: readonly Upstream[], key: Uint8Array, target: PlanTarget): readonly ConsumedOutputs[] {
  return upstreams
    .flatMap(({ remote, unit, state }) => {
      const read = outputsReadBy(plan, remote.name);
      if (state === undefined || (read === undefined && target.operation === 'destroy') || remote.outputs?.length === 0) return [];
      const inState = Object.fromEntries(Object.entries(state.outputs).map(([name, output]) => [name, output.value]));
      const digest = keyedDigest(key, consumedValues(read ?? inState, remote.outputs));
      if (digest !== keyedDigest(key, consumedValues(inState, remote.outputs))) {
        throw new TerraceError(
          problem('E6008', {
            place: target.unit.path,
            found: `outputs of ${unit} changed while it was planned`,
            todo: 'plan again once nothing is being applied',
          }),
          exitCodes.refused,
        );
      }
      return [{ unit, lineage: state.lineage, outputs: remote.outputs ?? Object.keys(inState).toSorted(), digest }];
    })
    .toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
}
