import type { EnvironmentPolicy } from './approval-rules';
import { isOwn, type Change } from './people';

/** Something about a bundle that the approval rules may want a second approver for. */
export interface Finding {
  /** `delivery/rules-changed`, or a review rule's id. */
  readonly id: string;
  /** Unit, or file. */
  readonly place: string;
}

/** Id of the finding that a file which judges changes was changed; it always needs the second approver. */
export const rulesChanged = 'delivery/rules-changed';

/** Id of the finding that a bundle goes on from a history which lost what was accepted. */
export const historySuperseded = 'delivery/history-superseded';
/** Id of the finding that an administrator moved what is accepted, without anybody's approval. */
export const rulesAccepted = 'delivery/rules-accepted';

/** Findings that always need the second approver. */
const alwaysSecond = new Set([rulesChanged, 'state-given-up', 'reader-forgotten', historySuperseded]);

/**
 * One more than usual where something asks for it. A change of what judges asks for as many as there are, where the rules name no other
 * people: it could be made by nobody else.
 */
export function neededFor(rules: EnvironmentPolicy, reasons: readonly Finding[], change: Change): number {
  if (reasons.length === 0) return rules.approvals;
  const more = Math.max(2, rules.approvals + 1);
  if (reasons.some(({ id }) => id !== rulesChanged)) return more;
  const others = new Set(rules.approvers.filter((one) => !isOwn(one, rules, change)).map((one) => one.toLowerCase()));
  return Math.max(1, rules.approvals, Math.min(more, others.size));
}

/** Findings because of which an environment asks for one more, sorted. */
export function secondApprover(rules: EnvironmentPolicy, environment: string, findings: readonly Finding[]): readonly Finding[] {
  const wanted = rules.secondApproverFindings ?? [];
  return findings
    .filter(
      (finding) =>
        alwaysSecond.has(finding.id) ||
        (finding.place.startsWith(`${environment}/`) && wanted.some((pattern) => matches(pattern, finding.id))),
    )
    .toSorted((a, b) => (`${a.id} ${a.place}` < `${b.id} ${b.place}` ? -1 : 1));
}

/** True where a pattern of `secondApproverFindings` means the id: the same, or with a star at its end for any rest. */
export function matches(pattern: string, id: string): boolean {
  return pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern;
}
