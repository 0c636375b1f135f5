import type { ReviewFindings } from '../delivery/approve/rules';

/** The review's findings about a bundle; the review is loaded when a bundle is judged. */
export const reviewFindings: ReviewFindings = async (verified) => (await import('../review/bundle-findings')).reviewFindings(verified);
