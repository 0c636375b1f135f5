import type { Problem } from '../../base/errors';

/** What one look at the surroundings gave. `skipped` is what cannot be judged here, or is not needed. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'failed' | 'skipped';
  /** What was found, in one line. */
  readonly found: string;
  /** What to do about it; absent where there is nothing to do. */
  readonly todo?: string;
}

/** A problem as a check: one that failed, or a warning about what only some need. */
export function failedCheck(
  name: string,
  problem: Pick<Problem, 'code' | 'found' | 'todo' | 'expected'>,
  state: 'failed' | 'warning' = 'failed',
): Check {
  const expected = problem.expected === undefined ? '' : ` (expected: ${problem.expected})`;
  return { name, state, found: `${problem.code} ${problem.found.replaceAll('\n', ' ')}${expected}`, todo: problem.todo };
}
