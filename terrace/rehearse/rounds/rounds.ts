import path from 'node:path';

import { exitCodes, type Problem } from '../../base/errors';
import { applyBundle } from '../../delivery/apply/apply-bundle';
import type { Judge } from '../../delivery/approval/judgement';
import { approvalsFolder, approveBundle, readApprovals, writeApproval } from '../../delivery/approve/approve';
import { verifyContent } from '../../delivery/bundle/verify';
import type { DeployKeys } from '../../delivery/deploy/deploy';
import { planBundle, type BundleRequest } from '../../delivery/plan/plan-bundle';
import { problem } from '../../delivery/problems';
import type { PlanTarget } from '../../delivery/target/plan-target';
import type { DeliveryContext } from '../../delivery/terraform/context';
import type { Model } from '../../model/model';
import { reviewSource } from '../../review/bundle-source';
import { buildReview, plannedUnits } from '../../review/model/build';
import type { PolicyResult } from '../../review/model/review';
import type { PlannedUnit } from '../../review/plan/plan-model';
import type { RehearsedRound } from '../rehearsal';
import type { EdgesOf } from './edges';
import { roundReport } from './round-report';
import type { TrafficOf } from './traffic';
import { givenBy, staleReaders, type StatesOf } from './stale-readers';

/** What takes planned units through policies. */
export type Policies = (units: readonly PlannedUnit[]) => Promise<readonly PolicyResult[]>;

export interface RoundsRequest extends Pick<BundleRequest, 'memory' | 'places' | 'authors'> {
  readonly model: Model;
  readonly targets: readonly PlanTarget[];
  readonly keys: DeployKeys;
  readonly judge: Judge;
  /** Folder of the bundles. */
  readonly out: string;
  /** The last round that is gone through. @default as many as the change needs */
  readonly until?: number;
  readonly policies: Policies;
  readonly traffic: TrafficOf;
  readonly edges: EdgesOf;
  readonly readersOf: (unit: string) => readonly string[];
  readonly statesOf: StatesOf;
}

export interface RoundsOutcome {
  readonly rounds: readonly RehearsedRound[];
  /** Units that a limit of rounds left. */
  readonly left: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * Goes the way of a pipeline: plan, seal, approve, apply, round after round, until nothing waits. Policies are asked after each round about
 * everything that was planned so far, as it then stands. Ends at the first round in which something failed; what it raised is among the problems.
 */
export async function goRounds(context: DeliveryContext, request: RoundsRequest): Promise<RoundsOutcome> {
  const rounds: RehearsedRound[] = [];
  const standing = new Map<string, PlannedUnit>();
  const models = new Map(request.model.units.map((unit) => [unit.path, unit]));
  let targets = request.targets;
  for (let round = 1; targets.length > 0; round++) {
    if (request.until !== undefined && round > request.until)
      return { rounds, left: targets.map(({ unit }) => unit.path).toSorted(), problems: [] };
    const began = performance.now();
    const place = path.join(request.out, `round-${round}`);
    const plan = await planBundle(context, {
      targets,
      commit: request.model.commit,
      dirty: request.model.dirty,
      authors: request.authors,
      rules: null,
      models,
      ...(request.memory === undefined ? {} : { memory: request.memory }),
      ...(request.places === undefined ? {} : { places: request.places }),
      recipients: request.keys.recipients,
      out: place,
      round,
    });
    const planSeconds = (performance.now() - began) / 1000;
    const verified = await verifyContent(plan.content);
    const source = reviewSource(verified);
    for (const unit of plannedUnits(source)) standing.set(unit.path, unit);
    const isEmpty = verified.bundle.units.length === 0;
    const before = await givenBy(
      request.statesOf,
      verified.bundle.units.map(({ unit }) => unit.path),
    );
    const applyBegan = performance.now();
    const applied = isEmpty ? undefined : await applyRound(context, request, plan.content, verified, place);
    const applySeconds = isEmpty ? 0 : (performance.now() - applyBegan) / 1000;
    const policies = await request.policies([...standing.values()]);
    const deferred = new Set(verified.bundle.deferred.map(({ unit }) => unit));
    rounds.push(
      roundReport({
        verified,
        review: buildReview(source, { policies }),
        policies,
        results: applied?.results,
        planned: plan.seconds,
        stale: await staleReaders(request.statesOf, request.model, before),
        traffic: request.traffic,
        edges: request.edges,
        readersOf: request.readersOf,
        seconds: { plan: planSeconds, apply: applySeconds },
      }),
    );
    const problems = [...plan.problems, ...(applied?.problems ?? [])];
    if (problems.length > 0 || (applied !== undefined && applied.exitCode !== exitCodes.done)) return { rounds, left: [], problems };
    if (isEmpty)
      return {
        rounds,
        left: [],
        problems: verified.bundle.deferred.map(({ unit, reason, upstream }) =>
          problem('E6040', { place: unit, found: reason, todo: `take a shape that includes ${upstream}: this one lacks its outputs` }),
        ),
      };
    targets = targets.filter(({ unit }) => deferred.has(unit.path));
  }
  return { rounds, left: [], problems: [] };
}

async function applyRound(
  context: DeliveryContext,
  { keys, judge }: RoundsRequest,
  content: Parameters<typeof verifyContent>[0],
  verified: Awaited<ReturnType<typeof verifyContent>>,
  place: string,
): ReturnType<typeof applyBundle> {
  writeApproval(approveBundle(verified, keys.signingKey, context.now()), approvalsFolder(place));
  return applyBundle(context, {
    content,
    judge,
    approvals: readApprovals(approvalsFolder(place)),
    identities: keys.identities,
    expect: verified.bundle.units.map(({ unit }) => unit.path),
    includePlanned: true,
  });
}
