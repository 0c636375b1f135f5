import { findings } from '../findings/find';
import { rank, type Finding } from '../findings/finding';
import type { PlanJson } from '../../terraform/plan-json';
import type { MockedOutput, PlannedUnit } from '../plan/plan-model';
import { plannedUnit } from '../plan/planned-unit';
import type { ReadMarker } from '../plan/mask-value';
import type { SourceChange } from '../source/source-change';

import { groupChanges } from './group';
import {
  countChanges,
  sumCounts,
  type PolicyResult,
  type Review,
  type ReviewedBundle,
  type ReviewedCommit,
  type ReviewedUnit,
} from './review';
import type { CostEstimate } from '../source/infracost';
import { nextStep, type Standing } from './next-step';
import { placesOf, type PlaceFacts } from './places';
import { reverseOf } from './reverse';

/** One unit as its bundle has it. */
export interface UnitSource {
  readonly path: string;
  readonly plan: PlanJson;
  readonly destroys?: boolean;
  readonly after?: readonly string[];
  readonly mocks?: readonly MockedOutput[];
  /** Account that is written in the unit's names. */
  readonly account?: string;
  /** What it reads of others. */
  readonly reads?: readonly { readonly unit: string; readonly outputs: readonly string[] }[];
}

/** A unit without a plan. */
export interface AbsentUnit {
  readonly path: string;
  readonly status: 'deferred' | 'failed';
  readonly reason: string;
  /** Units it waits for. */
  readonly after: readonly string[];
  readonly reads?: readonly { readonly unit: string; readonly outputs: readonly string[] }[];
  /** What its source changes; the plan is absent where that is nothing. @default not known */
  readonly source?: { readonly how: 'new' | 'same' | 'changes'; readonly plan?: PlanJson };
}

export interface ReviewSource {
  readonly bundle: ReviewedBundle;
  readonly units: readonly UnitSource[];
  readonly absent?: readonly AbsentUnit[];
  readonly source?: SourceChange;
  readonly readMarker?: ReadMarker;
}

/** What is judged elsewhere and shown with the rest. */
export interface Judged {
  readonly policies?: readonly PolicyResult[];
  readonly costs?: CostEstimate;
  readonly commit?: ReviewedCommit;
  /** Facts by `<system>/<environment>`. @default none are known */
  readonly facts?: PlaceFacts;
  /** @default nothing is known of the approvals */
  readonly standing?: Standing;
}

/** The plans of a bundle's units, masked. */
export function plannedUnits(source: ReviewSource): readonly PlannedUnit[] {
  const readers = [...source.units, ...(source.absent ?? [])];
  return source.units.map((unit) =>
    plannedUnit({
      path: unit.path,
      plan: unit.plan,
      ...(unit.mocks === undefined ? {} : { mocks: unit.mocks }),
      ...(source.readMarker === undefined ? {} : { readMarker: source.readMarker }),
      consumersOf: (output) =>
        readers
          .filter(({ reads }) => reads?.some((read) => read.unit === unit.path && read.outputs.includes(output)) === true)
          .map(({ path }) => path)
          .toSorted(),
    }),
  );
}

/** What the sources of units change that are not planned yet, masked. */
function previews({ absent = [], readMarker }: ReviewSource): ReadonlyMap<string, PlannedUnit> {
  return new Map(
    absent.flatMap(({ path, source }) =>
      source?.plan === undefined
        ? []
        : [[path, plannedUnit({ path, plan: source.plan, ...(readMarker === undefined ? {} : { readMarker }) })] as const],
    ),
  );
}

/** Rules that speak of a plan itself, and so not of one that is only shown. */
const ofPlans = new Set(['mocked-value', 'plan-incomplete', 'drift-noticed']);

/** Findings of what is not planned yet: they say so, and lead to no change. */
function findingsOfSource(units: readonly PlannedUnit[]): readonly Finding[] {
  return findings(units)
    .filter(({ rule }) => !ofPlans.has(rule))
    .map(({ change: _change, ...one }) => ({ ...one, id: `${one.id}:source`, reason: `not planned yet: ${one.reason}` }));
}

/** Number of the round in which each unit can be applied: one after the latest it waits for. A cycle counts as 0. */
function steps(units: readonly { readonly path: string; readonly after: readonly string[] }[]): ReadonlyMap<string, number> {
  const byPath = new Map(units.map((unit) => [unit.path, unit]));
  const found = new Map<string, number>();
  const visit = (path: string, on: ReadonlySet<string>): number => {
    const unit = byPath.get(path);
    if (unit === undefined || on.has(path)) return -1;
    const known = found.get(path);
    if (known !== undefined) return known;
    const step = Math.max(-1, ...unit.after.map((other) => visit(other, new Set([...on, path])))) + 1;
    found.set(path, step);
    return step;
  };
  for (const unit of units) visit(unit.path, new Set());
  return found;
}

function placeOf(path: string): Pick<ReviewedUnit, 'system' | 'environment' | 'region' | 'name'> {
  const [system = '', environment = '', region = '', ...name] = path.split('/');
  return { system, environment, region, name: name.join('/') };
}

/** The review of a bundle: pure, from plans as terraform shows them (masked or not) to what is rendered. */
export function buildReview(source: ReviewSource, { facts = {}, standing, ...judged }: Judged = {}): Review {
  const planned = plannedUnits(source);
  const shown = previews(source);
  const plans = new Map(planned.map((unit) => [unit.path, unit]));
  const all = [...source.units.map(({ path, after = [] }) => ({ path, after })), ...(source.absent ?? [])];
  const step = steps(all);
  const absent = new Map((source.absent ?? []).map((unit) => [unit.path, unit]));
  const destroying = new Set(source.units.filter(({ destroys }) => destroys === true).map(({ path }) => path));
  const units = all
    .map(({ path, after }): ReviewedUnit => {
      const plan = plans.get(path);
      const missing = absent.get(path);
      const changes = plan?.changes ?? [];
      return {
        path,
        ...placeOf(path),
        status:
          missing?.status ?? (changes.some(({ action }) => action !== 'read') || (plan?.outputs.length ?? 0) > 0 ? 'changes' : 'unchanged'),
        ...(missing === undefined ? {} : { reason: missing.reason }),
        ...(missing?.source === undefined
          ? {}
          : { source: { how: missing.source.how, changes: shown.get(path)?.changes.filter(({ mode }) => mode === 'managed') ?? [] } }),
        destroys: destroying.has(path),
        after: after.filter((other) => step.has(other)),
        step: step.get(path) ?? 0,
        counts: countChanges(changes),
        changes,
        drift: plan?.drift ?? [],
        outputs: plan?.outputs ?? [],
        mocks: plan?.mocks ?? [],
      };
    })
    .toSorted((a, b) => a.step - b.step || (a.path < b.path ? -1 : 1));
  const found = [...findings(planned, source.source), ...findingsOfSource([...shown.values()])].toSorted(
    (a, b) => rank(a.severity) - rank(b.severity),
  );
  const accounts = new Map(source.units.flatMap((unit) => (unit.account === undefined ? [] : [[unit.path, unit.account] as const])));
  return {
    version: 1,
    bundle: source.bundle,
    places: placesOf(units, accounts, facts),
    next: nextStep(
      source.bundle,
      units,
      standing,
      (judged.policies ?? []).flatMap(({ severity, policy }) => (severity === 'deny' ? [policy] : [])),
    ),
    units,
    counts: sumCounts(units.map(({ counts }) => counts)),
    findings: found,
    groups: groupChanges(units, found, accounts),
    reverse: reverseOf(units.flatMap(({ changes }) => changes)),
    ...judged,
  };
}
