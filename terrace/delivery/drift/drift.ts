import { placesOf } from '../terraform/grants';
import { rmSync } from 'node:fs';
import path from 'node:path';

import { exitCodes, TerraceError, type ExitCode, type Problem, worstOf } from '../../base/errors';

import { canonicalText } from '../../base/canonical';
import { parsePlan, type PlanJson, type PlanResource } from '../../terraform/plan-json';
import { isObject, type Json } from '../../base/json';
import { knownSecrets, secretSources, sensitiveVariables } from '../plan/known-secrets';
import { keepLog } from '../terraform/kept-log';
import type { PlanTarget } from '../target/plan-target';
import { initArguments } from '../terraform/provider-mirror';
import { remoteStatesOf } from '../../terraform/remote-states';
import { readUpstreams, sensitiveOutputs } from '../record/upstreams';
import { failed } from '../problems';
import { maskedDigest } from '../masking/marker';
import { ofMissingBackend } from '../record/missing-backend';
import { maskPlan } from '../masking/mask-plan';
import { lostSecrets } from '../masking/flow';
import { secretsOf } from '../masking/secrets';
import type { DeliveryContext } from '../terraform/context';
import { failure } from '../terraform/events';
import { unitProblems } from '../judgement/unit-problems';
import { unitScopes } from '../judgement/unit-scopes';
import { isUnjudged } from '../../base/sandbox-shell';
import { processEnvironments, requiredSources } from '../terraform/process-environment';
import { runWatched } from '../terraform/busy';
import { runInOrder, unitsAtOnce } from '../terraform/pool';
import { expectSuccess, problemsOf } from '../terraform/terraform-steps';
import { openWorkspace, sweepWorkspaces } from '../terraform/workspace';

/** One resource that is not what the state says. Values are masked like those of a plan. */
export interface DriftedResource {
  readonly address: string;
  readonly kind: 'changed' | 'gone';
  readonly attributes: readonly { readonly path: string; readonly before: Json; readonly after: Json }[];
}

export interface DriftedUnit {
  readonly unit: string;
  readonly status: 'clean' | 'drifted' | 'not applied' | 'failed';
  readonly resources: readonly DriftedResource[];
  readonly problems: readonly Problem[];
  readonly seconds: number;
}

export interface DriftReport {
  readonly version: 1;
  /** Sorted by path. */
  readonly units: readonly DriftedUnit[];
  readonly exitCode: ExitCode;
}

/**
 * Compares what is with what the states say, by refresh-only plans that take no lock and write nothing. 2 where something drifted;
 * a unit that could not be looked at makes it 1, or 3 where it was refused.
 */
export async function findDrift(context: DeliveryContext, targets: readonly PlanTarget[]): Promise<DriftReport> {
  sweepWorkspaces(context.work);
  context.onEvent({ type: 'round', phase: 'drift', round: 1, units: targets.map((target) => target.unit.path) });
  const codes: ExitCode[] = [];
  const tasks = targets.map((target) => ({ path: target.unit.path, after: [], target }));
  const results = await runInOrder<(typeof tasks)[number], DriftedUnit>(tasks, unitsAtOnce(context.parallel), async ({ target }) => {
    const started = performance.now();
    const seconds = (): number => (performance.now() - started) / 1000;
    const unit = target.unit.path;
    try {
      if (context.signal.aborted) throw failed('E6036', { place: unit, found: 'interrupted', todo: 'run the command again' });
      context.onEvent({ type: 'comparing', unit });
      const resources = await driftOf(context, target);
      const drifted = resources?.length ?? 0;
      context.onEvent({ type: 'drift', unit, drifted, seconds: seconds() });
      return {
        unit,
        status: resources === undefined ? 'not applied' : drifted > 0 ? 'drifted' : 'clean',
        resources: resources ?? [],
        problems: [],
        seconds: seconds(),
      };
    } catch (error) {
      const problems = problemsOf(error, unit).map(ofMissingBackend);
      codes.push(error instanceof TerraceError ? error.exitCode : exitCodes.failed);
      context.onEvent(failure(unit, 'drift', problems, seconds()));
      return { unit, status: 'failed', resources: [], problems, seconds: seconds() };
    }
  });
  const units = [...results.values()].toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
  const exitCode = codes.length > 0 ? worstOf(codes) : units.some((unit) => unit.status === 'drifted') ? exitCodes.changes : exitCodes.done;
  return { version: 1, units, exitCode };
}

async function driftOf(context: DeliveryContext, target: PlanTarget): Promise<readonly DriftedResource[] | undefined> {
  const { unit } = target;
  const judged = await unitProblems({
    unit,
    files: target.files,
    provisioners: isUnjudged(context.env),
    ...placesOf(context.grants(unit)),
  });
  if (judged.length > 0) throw new TerraceError(judged, exitCodes.refused);
  const account = await context.accounts.environmentFor(unit, target.access);
  if ((await context.states.read(unit, account)) === undefined) return undefined;
  const json: unknown = JSON.parse(Buffer.from(target.files.get('main.tf.json') ?? new Uint8Array()).toString('utf8'));
  const env = processEnvironments(account, {
    variables: unit.variables,
    providers: requiredSources(json),
    pass: context.grants(unit).pass.variables,
  });
  const upstreams = await readUpstreams(unit, remoteStatesOf(json), context.states, account);
  const further = [...sensitiveOutputs(upstreams), ...sensitiveVariables(unit, env.run)];
  const workspace = openWorkspace(context.work, unit.path, target.files, {
    home: context.env['HOME'],
    files: context.grants(unit).pass.files,
  });
  const log = path.join(context.logs, `${unit.path}.log`);
  const step = { unit: unit.path, log, secrets: knownSecrets(unit, env.run, further) };
  const run = { cwd: workspace.folder, env: env.run, signal: context.signal };
  const raw = workspace.file('terrace.log');
  let secrets = step.secrets;
  try {
    expectSuccess(await context.run({ ...run, env: env.init, log: raw, args: await initArguments(context, target.files, env.init) }), {
      ...step,
      name: 'init',
      code: 'E6035',
    });
    expectSuccess(
      await runWatched(context, unit.path, {
        ...run,
        log: raw,
        args: ['plan', '-refresh-only', '-input=false', '-no-color', '-lock=false', '-out=tfplan'],
      }),
      { ...step, name: 'plan', code: 'E6018' },
    );
    const shown = await context.run({ ...run, args: ['show', '-json', '-no-color', 'tfplan'] });
    rmSync(workspace.file('tfplan'), { force: true });
    expectSuccess(shown, { ...step, name: 'show', code: 'E6018' });
    const plan = parsePlan(shown.stdout, unit.path);
    const scopes = await unitScopes(target.files);
    const hidden = [...further, ...lostSecrets(plan, scopes, secretSources(unit, upstreams))];
    secrets = secretsOf(plan, hidden);
    return driftIn(plan, hidden);
  } finally {
    keepLog(raw, log, secrets);
    workspace.remove();
  }
}

/** The drifted resources of a refresh-only plan, without secrets. A value that is only written differently is no drift. Pure. */
export function driftIn(plan: PlanJson, further: readonly Json[] = [], key: Uint8Array = new Uint8Array(32)): readonly DriftedResource[] {
  const masked = maskPlan(plan, { key, further });
  const drift =
    isObject(masked) && Array.isArray(masked['resource_drift'])
      ? (masked['resource_drift'] as readonly unknown[] as readonly PlanResource[])
      : [];
  return drift.flatMap(({ address, change }): readonly DriftedResource[] => {
    if (change.actions.includes('delete')) return [{ address, kind: 'gone', attributes: [] }];
    const attributes = differences(change.before ?? null, change.after ?? null, '');
    return attributes.length === 0 ? [] : [{ address, kind: 'changed', attributes }];
  });
}

function differences(before: Json, after: Json, at: string): DriftedResource['attributes'] {
  if (canonicalText(before) === canonicalText(after)) return [];
  if (isObject(before) && isObject(after) && maskedDigest(before) === undefined && maskedDigest(after) === undefined) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
    return names.flatMap((name) => differences(before[name] ?? null, after[name] ?? null, at === '' ? name : `${at}.${name}`));
  }
  return [{ path: at, before, after }];
}
