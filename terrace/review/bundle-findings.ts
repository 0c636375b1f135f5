import type { Finding } from '../delivery/approval/second-approver';
import type { VerifiedBundle } from '../delivery/bundle/verify';
import { reviewSource } from './bundle-source';
import { findings } from './findings/find';
import { plannedUnits } from './model/build';

/** The review's findings about a bundle, by the ids of its rules, which a policy names. Computed from what is in clear; needs no key. */
export async function reviewFindings(verified: VerifiedBundle): Promise<readonly Finding[]> {
  const source = reviewSource(verified);
  return findings(plannedUnits(source), source.source).map((finding) => ({ id: finding.rule, place: finding.unit ?? 'source' }));
}
