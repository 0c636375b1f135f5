import type { KeyObject } from 'node:crypto';
import path from 'node:path';

import type { ExitCode, Problem } from '../../base/errors';
import { exitCodes } from '../../base/errors';
import type { Model } from '../../model/model';

import { approvalsFolder, approveBundle, readApprovals, writeApproval } from '../approve/approve';
import type { Judge } from '../approval/judgement';
import { applyBundle } from '../apply/apply-bundle';
import type { Bundle, CoveredEnvironment, RulesChange } from '../bundle/bundle';
import { addActions, noActions, type ActionCounts } from '../../terraform/action-counts';
import type { EnvironmentNote } from '../bundle/remark';
import { verifyContent, type VerifiedBundle } from '../bundle/verify';
import type { ReaderSearch } from '../plan/known-readers';
import { planBundle } from '../plan/plan-bundle';
import type { MemoryRequest } from '../plan/standing';
import type { PlanTarget } from '../target/plan-target';
import { targetOf } from '../target/target-of';
import { problem } from '../problems';
import type { DeliveryContext } from '../terraform/context';
import { readUnitFiles } from '../tree/unit-files';

/** Keys and rules that a deploy goes by; in the sandbox `sandboxKeys` gives them. */
export interface DeployKeys {
  /** Age recipients of the bundles. */
  readonly recipients: readonly string[];
  readonly identities: readonly string[];
  /** Signs a yes. */
  readonly signingKey: KeyObject;
}

export interface DeployRequest {
  readonly model: Model;
  /** Folder of the synthesized tree that `model` describes. */
  readonly tree: string;
  /** Where readers of the units are looked for. @default the environments and units of `model` */
  readonly places?: ReaderSearch;
  /** What is remembered of the units. @default the records alone */
  readonly memory?: MemoryRequest;
  /** Paths of the units to deploy. */
  readonly units: readonly string[];
  readonly keys: DeployKeys;
  /** Folder in which a bundle is written for each round: `round-1`, `round-2`, … */
  readonly out: string;
  /** Asked before each apply; a no ends the deploy. */
  readonly confirm: (verified: VerifiedBundle) => Promise<boolean>;
  /** @default 'apply' */
  readonly operation?: 'apply' | 'destroy';
  /** @default [] */
  readonly authors?: readonly string[];
  /** Files that differ from the commit; asked for where that is refused. @default not known */
  readonly changedFiles?: () => readonly string[];
  /** @default null */
  readonly rules?: RulesChange | null;
  /** What judges each bundle. */
  readonly judge: Judge;
  /** See `BundleRequest`. @default none */
  readonly covers?: readonly CoveredEnvironment[];
  /** See `BundleRequest`. @default `keys.recipients` */
  readonly recipientsOf?: (environment: string) => readonly string[] | undefined;
  /** See `BundleRequest`. @default nothing */
  readonly notes?: readonly EnvironmentNote[];
  /** See `BundleRequest`. @default none */
  readonly supersedes?: string;
  /** Raises what refuses a bundle before anybody is asked. @default nothing */
  readonly refuse?: (verified: VerifiedBundle) => Promise<void>;
  /** See `ApplyRequest`. @default nothing */
  readonly onApplied?: (verified: VerifiedBundle) => Promise<readonly string[]>;
}

/** What happened to one unit over all rounds. */
export interface DeployedUnit {
  readonly unit: string;
  /** Round in which it was planned last, from 1. */
  readonly round: number;
  readonly actions: ActionCounts;
  readonly status: 'applied' | 'unchanged' | 'failed' | 'skipped' | 'deferred';
  /** Planning and applying, wall clock. */
  readonly seconds: number;
}

export interface DeployReport {
  /** Sorted by path. */
  readonly units: readonly DeployedUnit[];
  /** Bundles in the order in which they were applied. */
  readonly bundles: readonly { readonly place: string; readonly hash: string; readonly bundle: Bundle }[];
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  readonly exitCode: ExitCode;
}

/** The units of a synthesized tree as targets of a plan. Raises E6025, E6038. */
export function planTargets(
  model: Model,
  tree: string,
  units: readonly string[],
  operation: 'apply' | 'destroy' = 'apply',
): readonly PlanTarget[] {
  const wanted = new Set(units);
  return model.units
    .filter((unit) => wanted.has(unit.path))
    .map((unit) => targetOf(model, unit, readUnitFiles(tree, unit.path), operation));
}

/**
 * Takes units through as many rounds of plan, yes and apply as they need: what is deferred comes with the next round. Each round goes the
 * one way there is: a sealed bundle, a signed approval, the policy, apply. Ends at the first round in which something failed.
 */
export async function deploy(context: DeliveryContext, request: DeployRequest): Promise<DeployReport> {
  const { model, tree, keys } = request;
  const units = new Map<string, DeployedUnit>();
  const bundles: { readonly place: string; readonly hash: string; readonly bundle: Bundle }[] = [];
  const problems: Problem[] = [];
  const notes: string[] = [];
  const models = new Map(model.units.map((unit) => [unit.path, unit]));
  let targets = planTargets(model, tree, request.units, request.operation ?? 'apply');
  let exitCode: ExitCode = exitCodes.done;
  for (let round = 1; targets.length > 0; round++) {
    const place = path.join(request.out, `round-${round}`);
    const plan = await planBundle(context, {
      targets,
      commit: model.commit,
      dirty: model.dirty,
      ...(request.changedFiles === undefined ? {} : { changedFiles: request.changedFiles }),
      authors: request.authors ?? [],
      rules: request.rules ?? null,
      models,
      ...(request.memory === undefined ? {} : { memory: request.memory }),
      places: request.places ?? request.model,
      recipients: keys.recipients,
      ...(request.recipientsOf === undefined ? {} : { recipientsOf: request.recipientsOf }),
      out: place,
      round,
      ...(request.covers === undefined ? {} : { covers: request.covers }),
      ...(request.notes === undefined ? {} : { notes: request.notes }),
      ...(request.supersedes === undefined ? {} : { supersedes: request.supersedes }),
    });
    const verified = await verifyContent(plan.content);
    for (const entry of verified.bundle.units)
      note(units, {
        unit: entry.unit.path,
        round,
        actions: entry.actions,
        status: 'skipped',
        seconds: plan.seconds.get(entry.unit.path) ?? 0,
      });
    for (const one of verified.bundle.failed) note(units, { unit: one.unit, round, actions: noActions, status: 'failed', seconds: 0 });
    for (const one of verified.bundle.deferred) note(units, { unit: one.unit, round, actions: noActions, status: 'deferred', seconds: 0 });
    problems.push(...plan.problems);
    if (plan.exitCode !== exitCodes.done) exitCode = plan.exitCode;
    if (verified.bundle.units.length === 0) {
      if (verified.bundle.deferred.length > 0 && problems.length === 0) {
        problems.push(
          ...verified.bundle.deferred.map((one) =>
            problem('E6040', { place: one.unit, found: one.reason, todo: `deploy ${one.upstream} as well` }),
          ),
        );
        exitCode = exitCodes.failed;
      }
      break;
    }
    await request.refuse?.(verified);
    if (!(await request.confirm(verified))) {
      exitCode = exitCodes.failed;
      break;
    }
    writeApproval(approveBundle(verified, keys.signingKey, context.now()), approvalsFolder(place));
    const applied = await applyBundle(context, {
      content: plan.content,
      judge: request.judge,
      ...(request.onApplied === undefined ? {} : { onApplied: request.onApplied }),
      approvals: readApprovals(approvalsFolder(place)),
      identities: keys.identities,
      expect: verified.bundle.units.map((entry) => entry.unit.path),
      // Whoever selected the units has decided that.
      includePlanned: true,
    });
    bundles.push({ place, hash: verified.content.hash, bundle: verified.bundle });
    for (const entry of verified.bundle.units) {
      const result = applied.results.get(entry.unit.path);
      const seconds = result?.kind === 'applied' || result?.kind === 'failed' ? result.seconds : 0;
      const status =
        result?.kind === 'applied' || result?.kind === 'already'
          ? entry.unchanged
            ? 'unchanged'
            : 'applied'
          : (result?.kind ?? 'skipped');
      note(units, { unit: entry.unit.path, round, actions: entry.actions, status, seconds });
    }
    problems.push(...applied.problems);
    notes.push(...applied.notes);
    if (applied.exitCode !== exitCodes.done) exitCode = applied.exitCode;
    if (exitCode !== exitCodes.done) break;
    const deferred = new Set(verified.bundle.deferred.map((one) => one.unit));
    targets = targets.filter((target) => deferred.has(target.unit.path));
  }
  return { units: [...units.values()].toSorted((a, b) => (a.unit < b.unit ? -1 : 1)), bundles, problems, notes, exitCode };
}

function note(units: Map<string, DeployedUnit>, now: DeployedUnit): void {
  const before = units.get(now.unit);
  units.set(
    now.unit,
    before === undefined
      ? now
      : {
          ...now,
          seconds: before.seconds + now.seconds,
          actions: before.status === 'applied' ? addActions(before.actions, now.actions) : now.actions,
        },
  );
}
