import type { Problem } from '../../base/errors';

/** What an environment lacks that was never bootstrapped, by the code of what is said of it; undefined for any other code. */
function lacking(code: string): string | undefined {
  if (code === 'E4304') return 'state bucket';
  return code === 'E4305' ? 'lock table' : undefined;
}

/**
 * A state bucket or lock table that was never made (E4304, E4305), in the same words for every unit of its environment and with the command that
 * makes it, so that it is said once and not by nineteen units. Other problems as they are. Pure.
 */
export function ofMissingBackend(problem: Problem): Problem {
  const [system = '', environment = ''] = (problem.place ?? '').split('/');
  const missing = lacking(problem.code);
  if (missing === undefined || environment === '') return problem;
  return {
    ...problem,
    found: `the environment has no ${missing} yet`,
    todo: `create it: terrace backend bootstrap ${system}/${environment}`,
  };
}

/** Problems of units, what their environment lacks once for all of them. Pure. */
export function onceForBackend(problems: readonly Problem[]): readonly Problem[] {
  const told = new Set<string>();
  return problems.flatMap((problem) => {
    if (lacking(problem.code) === undefined) return [problem];
    const place = (problem.place ?? '').split('/').slice(0, 2).join('/');
    if (told.has(place)) return [];
    told.add(place);
    return [ofMissingBackend({ ...problem, place })];
  });
}
