/** One measured number. */
export interface Figure {
  /** What was measured, as a phrase. */
  readonly name: string;
  readonly value: number;
  readonly unit: 's' | 'MB' | '×' | '%';
  /** What it should stay under; printed, not enforced. */
  readonly limit?: number;
}

/** Figures that belong together and are measured in one run. */
export interface Suite {
  readonly name: string;
  run(): Promise<readonly Figure[]>;
}

/** The middle of several measurements; the mean of the two middle ones for an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? (sorted[Math.floor(middle)] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
