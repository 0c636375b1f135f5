import type { Problem } from '../../base/errors';
import type { ApprovalPolicy } from '../approval/approval-rules';
import { matches, type Finding } from '../approval/second-approver';
import type { VerifiedBundle } from '../bundle/verify';
import { refused } from '../problems';

/** What a review finds in a bundle, by the ids of its rules. */
export type ReviewFindings = (verified: VerifiedBundle) => Promise<readonly Finding[]>;

/** Why a bundle is refused whoever approved it. */
export type Denials = (verified: VerifiedBundle) => Promise<readonly Problem[]>;

/** What judges a bundle beside the approval rules. The delivery knows neither review nor policies: who calls it gives them. */
export interface Judges {
  readonly review: ReviewFindings;
  /** Every id that a finding can have. */
  readonly findingIds: () => Promise<readonly string[]>;
  /** What the policies of a commit refuse in a bundle, or those that were compiled of them before; nothing where it has no policies. */
  readonly denials: (root: string, commit: string, compiled?: string) => Promise<Denials>;
  /** What the policies of a folder's work tree refuse; for the sandbox, which has nothing to protect. */
  readonly denialsIn: (folder: string) => Promise<Denials>;
}

/** Raises E6047 where the rules wait for findings that nothing can find: they would never ask for anybody. */
export async function knownFindings(policy: ApprovalPolicy, place: string, judges: Judges): Promise<ApprovalPolicy> {
  const wanted = Object.values(policy.environments).flatMap((rules) => rules.secondApproverFindings ?? []);
  if (wanted.length === 0) return policy;
  const ids = await judges.findingIds();
  const unknown = wanted.filter((pattern) => !ids.some((id) => matches(pattern, id)));
  if (unknown.length === 0) return policy;
  throw refused('E6047', {
    place,
    found: `secondApproverFindings has patterns that match no finding: ${[...new Set(unknown)].join(', ')}`,
    todo: 'see docs/review.md for the ids of findings; a star may stand for the rest of one',
  });
}

/** A finding for each unit in which something is destroyed or replaced. */
export function destroyFindings({ bundle }: VerifiedBundle): readonly Finding[] {
  return bundle.units
    .filter((entry) => entry.operation === 'destroy' || entry.actions.destroy + entry.actions.replace > 0)
    .map((entry) => ({ id: 'delivery/destroys', place: entry.unit.path }));
}
