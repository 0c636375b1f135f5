/** How bad it is if nobody meant it; the order is that of the page. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;

export type Severity = (typeof severities)[number];

/** Something in a plan that a person should decide about knowingly. */
export interface Finding {
  /** `<rule>@<place>`: the same for the same rule and place in every plan. */
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  /** What was seen here. */
  readonly reason: string;
  /** Why it matters and what to check. */
  readonly explain: string;
  /** Path of the unit; absent where the whole change is meant. */
  readonly unit?: string;
  readonly address?: string;
  /** Id of the resource change. */
  readonly change?: string;
  /** Attribute, as a path. */
  readonly attribute?: string;
  /** Where the source makes the resource: `stacks/shop/units/network/vpc.ts:12`. */
  readonly source?: string;
}

/** Position in `severities`: smaller is worse. */
export function rank(severity: Severity): number {
  return severities.indexOf(severity);
}
