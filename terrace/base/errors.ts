import { visible } from './visible';

/** What a command ends with; the same numbers for every command. */
export const exitCodes = {
  done: 0,
  failed: 1,
  /** `plan --detailed-exitcode`, and `drift` always. */
  changes: 2,
  /** A guarantee refuses: stale, tainted, tampered, expired, not approved. */
  refused: 3,
  lockHeld: 4,
  wrongUsage: 64,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** One thing that is wrong, as its reader should meet it: code, place, what was found, what was expected, what to do. */
export interface Problem {
  /** `E` and four digits; docs/errors.md lists them. */
  readonly code: string;
  /** A few words, lower case: `overlapping CIDR`. */
  readonly title: string;
  /** File or unit. */
  readonly place?: string;
  /** What was found; one or more lines. */
  readonly found: string;
  /** What was expected, where the sentence in `found` does not say it. */
  readonly expected?: string;
  /** What the reader can do about it. */
  readonly todo: string;
}

/** A problem, or several at once, that a user can meet. Printed without a stack unless `--debug`. */
export class TerraceError extends Error {
  readonly problems: readonly Problem[];

  constructor(
    problems: Problem | readonly Problem[],
    readonly exitCode: ExitCode = exitCodes.failed,
    options?: ErrorOptions,
  ) {
    const list = 'code' in problems ? [problems] : problems;
    super(list.map(formatProblem).join('\n'), options);
    this.name = 'TerraceError';
    this.problems = list;
  }
}

/** The text of one problem: a head line with code, title and place, then indented lines. */
export function formatProblem(problem: Problem): string {
  const head = `${problem.code} ${problem.title}${problem.place === undefined ? '' : `   ${problem.place}`}`;
  const lines = [problem.found, ...(problem.expected === undefined ? [] : [`expected: ${problem.expected}`]), problem.todo];
  return visible([head, ...lines.flatMap((text) => text.split('\n')).map((line) => `  ${line}`)].join('\n'));
}

/** The text of several problems; what differs in its place alone is said once, with every place. */
export function formatProblems(problems: readonly Problem[]): string {
  const alike = new Map<string, Problem[]>();
  for (const problem of problems) {
    const text = formatProblem({ ...problem, place: '' });
    alike.set(text, [...(alike.get(text) ?? []), problem]);
  }
  return [...alike.values()].map(formatAlike).join('\n\n');
}

function formatAlike(problems: readonly Problem[]): string {
  const [first, ...others] = problems;
  if (first === undefined) return '';
  const places = [...new Set(others.flatMap(({ place }) => (place === undefined || place === first.place ? [] : [place])))];
  if (places.length === 0) return formatProblem(first);
  const shown = places.slice(0, 10);
  return [
    formatProblem(first),
    `  the same at ${shown[0] ?? ''}`,
    ...shown.slice(1).map((place) => `              ${place}`),
    ...(places.length > shown.length ? [`              and ${places.length - shown.length} more`] : []),
  ].join('\n');
}

/** Throws all collected problems as one error; does nothing when there are none. */
export function refuse(problems: readonly Problem[], exitCode: ExitCode = exitCodes.failed): void {
  if (problems.length > 0) throw new TerraceError(problems, exitCode);
}

/** The exit code of several failures: a held lock and a refusal say more than a failure. */
export function worstOf(codes: readonly ExitCode[]): ExitCode {
  for (const code of [exitCodes.failed, exitCodes.refused, exitCodes.lockHeld])
    if (codes.length > 0 && codes.every((one) => one === code)) return code;
  return codes.length === 0 ? exitCodes.done : exitCodes.failed;
}
