/** A check that is taken out of a source file, and the test that has to notice. */
export interface Mutation {
  /** What the check guards: a guarantee (`G1`), or a rule of the judge. */
  readonly guards: string;
  /** Below the repository; the text stands there once. */
  readonly file: string;
  readonly check: string;
  /** What stands there instead. */
  readonly without: string;
  readonly test: string;
  /** A part of the test's name. */
  readonly named: string;
}

type Row = readonly [guards: string, file: string, check: string, without: string, named: string];

/** Rows of one test file. */
export function noticedBy(test: string, rows: readonly Row[]): readonly Mutation[] {
  return rows.map(([guards, file, check, without, named]) => ({ guards, file, check, without, test, named }));
}
