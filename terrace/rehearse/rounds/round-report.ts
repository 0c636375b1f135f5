import type { VerifiedBundle } from '../../delivery/bundle/verify';
import type { UnitApply } from '../../delivery/apply/apply-unit';
import type { Review } from '../../review/model/review';
import type { ResourceChange } from '../../review/plan/plan-model';
import type { PolicyResult } from '../../review/model/review';
import type { Downtime, RehearsedCounts, RehearsedRound, RehearsedUnit, StaleReader } from '../rehearsal';
import type { EdgesOf } from './edges';
import type { TrafficOf } from './traffic';

/** What one round left. */
export interface RoundFacts {
  readonly verified: VerifiedBundle;
  readonly review: Review;
  readonly policies: readonly PolicyResult[];
  /** Undefined where nothing was applied. */
  readonly results: ReadonlyMap<string, UnitApply> | undefined;
  readonly planned: ReadonlyMap<string, number>;
  readonly stale: readonly StaleReader[];
  readonly traffic: TrafficOf;
  readonly edges: EdgesOf;
  /** Units that read a unit, directly or through others. */
  readonly readersOf: (unit: string) => readonly string[];
  readonly seconds: RehearsedRound['seconds'];
}

/** A round as the report tells it. Pure. */
export function roundReport(facts: RoundFacts): RehearsedRound {
  const { verified, review, seconds } = facts;
  const { bundle } = verified;
  const changes = review.units.flatMap((unit) => unit.changes).filter(({ mode }) => mode === 'managed');
  const counts = new Map(review.units.map((unit) => [unit.path, countsOf(unit.counts)]));
  return {
    round: bundle.round,
    units: [
      ...bundle.units.map((entry) => rehearsedUnit(entry, counts.get(entry.unit.path) ?? noCounts, facts)),
      ...bundle.failed.map(({ unit }): RehearsedUnit => ({ unit, operation: 'apply', status: 'failed', counts: noCounts, seconds: 0 })),
    ].toSorted((a, b) => (a.unit < b.unit ? -1 : 1)),
    waits: bundle.deferred.map(({ unit, upstream, outputs, reason }) => ({ unit, upstream, outputs, reason })),
    replaces: changes
      .filter(({ action }) => action === 'replace')
      .map(({ unit, address, type, createFirst, because, replacePaths }) => ({
        unit,
        address,
        type,
        createFirst,
        because: because ?? '',
        attributes: replacePaths,
      })),
    destroys: changes.filter(({ action }) => action === 'delete').map(({ unit, address, type }) => ({ unit, address, type })),
    moves: changes.flatMap(({ unit, address, movedFrom }) => (movedFrom === undefined ? [] : [{ unit, from: movedFrom, to: address }])),
    imports: changes.flatMap(({ unit, address, imported }) => (imported === undefined ? [] : [{ unit, address, id: imported }])),
    down: changes.filter(isDown).map((change) => downtime(change, facts)),
    stale: facts.stale,
    findings: review.findings.map(({ id, rule, severity, title, reason, unit, address }) => ({
      id,
      rule,
      severity,
      title,
      reason,
      unit: unit ?? null,
      address: address ?? null,
    })),
    policies: facts.policies.map(({ policy, severity, message, unit, address }) => ({
      policy,
      severity,
      message,
      unit: unit ?? null,
      address: address ?? null,
    })),
    seconds,
  };
}

function rehearsedUnit(entry: VerifiedBundle['bundle']['units'][number], counts: RehearsedCounts, facts: RoundFacts): RehearsedUnit {
  const { path } = entry.unit;
  const result = facts.results?.get(path);
  const applied = result?.kind === 'applied' || result?.kind === 'failed' ? result.seconds : 0;
  return {
    unit: path,
    operation: entry.operation,
    status: statusOf(result, entry.unchanged, facts.results !== undefined),
    counts,
    seconds: (facts.planned.get(path) ?? 0) + applied,
  };
}

function statusOf(result: UnitApply | undefined, unchanged: boolean, isApplied: boolean): RehearsedUnit['status'] {
  if (!isApplied) return 'planned';
  if (result?.kind === 'applied' || result?.kind === 'already') return unchanged ? 'unchanged' : 'applied';
  return result?.kind === 'failed' ? 'failed' : 'skipped';
}

/** What goes before its successor is there, or for good. */
function isDown({ action, createFirst }: ResourceChange): boolean {
  return action === 'delete' || (action === 'replace' && !createFirst);
}

function downtime(change: ResourceChange, { traffic, edges, readersOf }: RoundFacts): Downtime {
  const { unit, address, type, action, because, replacePaths } = change;
  return {
    unit,
    address,
    type,
    action: action === 'delete' ? 'delete' : 'replace',
    because: [because, replacePaths.length === 0 ? undefined : `${replacePaths.join(', ')} changes`]
      .filter((one) => one !== undefined)
      .join('; '),
    traffic: traffic(unit, address),
    edges: edges(unit, address),
    readers: readersOf(unit),
  };
}

const noCounts: RehearsedCounts = { create: 0, update: 0, replace: 0, delete: 0 };

/** The counts that a report shows. */
export function countsOf(counts: RehearsedCounts): RehearsedCounts {
  return { create: counts.create, update: counts.update, replace: counts.replace, delete: counts.delete };
}
