import type { Finding } from '../findings/finding';

import type { Review } from './review';

/** Where the source makes a resource; undefined where that is not known. */
export type SourceOf = (unit: string, address: string) => string | undefined;

/** The review whose findings name the line of the source that makes their resource. */
export function withSources(review: Review, sourceOf: SourceOf): Review {
  const located = (finding: Finding): Finding => {
    const source = finding.unit === undefined || finding.address === undefined ? undefined : sourceOf(finding.unit, finding.address);
    return source === undefined ? finding : { ...finding, source };
  };
  return {
    ...review,
    findings: review.findings.map(located),
    groups: review.groups.map((group) => ({ ...group, findings: group.findings.map(located) })),
  };
}
