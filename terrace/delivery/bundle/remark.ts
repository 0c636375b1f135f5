/** What a remark is about; a review makes a finding of each. */
export const remarkKinds = [
  'apply-interrupted',
  'unit-excluded',
  'history-superseded',
  'protection-removed',
  'reader-forgotten',
  'readers-outside',
  'readers-unknown',
  'replaced-under-readers',
  'rules-accepted',
  'state-given-up',
  'unit-renamed',
  'unit-unplanned',
  'written-by-another-tool',
] as const;

/** Something that a reviewer should know and that no plan shows. Holds no value of a plan. */
export interface Remark {
  readonly kind: (typeof remarkKinds)[number];
  /** Path of the unit. */
  readonly unit: string;
  /** One sentence. */
  readonly text: string;
}

/** A remark about a whole environment, which stands at the first of its units. */
export interface EnvironmentNote {
  /** `<system>/<environment>`. */
  readonly environment: string;
  readonly kind: Remark['kind'];
  readonly text: string;
}
