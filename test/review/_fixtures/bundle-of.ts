import type { ReviewSource } from '../../../terrace/review/model/build';
import { buildReview } from '../../../terrace/review/model/build';
import type { Review, ReviewedBundle } from '../../../terrace/review/model/review';

import { planOf, type MadeChange, type MadePlan } from './plan-of';

/** The head of a made-up bundle. */
export function bundleOf(more: Partial<ReviewedBundle> = {}): ReviewedBundle {
  return {
    hash: 'ab'.repeat(32),
    commit: '1'.repeat(40),
    dirty: false,
    round: 1,
    createdAt: '2026-01-01T00:00:00Z',
    expiresAt: '2026-01-02T00:00:00Z',
    terraform: 'terraform 1.11.4',
    ...more,
  };
}

/** The review of one unit with these changes. */
export function reviewOf(changes: readonly MadeChange[], more: Partial<MadePlan> = {}, source: Partial<ReviewSource> = {}): Review {
  return buildReview({
    bundle: bundleOf(),
    units: [{ path: 'shop/dev/eu-central-1/network/vpc', plan: planOf({ changes, ...more }) }],
    ...source,
  });
}
