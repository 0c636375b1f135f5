import type { Problem } from '../../base/errors';

/**
 * A state bucket that was never made (E4304), in the same words for every unit of its environment and with the command that makes it, so that it is said
 * once and not by nineteen units. Other problems as they are. Pure.
 */
export function ofMissingBackend(problem: Problem): Problem {
  const [system = '', environment = ''] = (problem.place ?? '').split('/');
  if (problem.code !== 'E4304' || environment === '') return problem;
  return {
    ...problem,
    found: 'the environment has no state bucket yet',
    todo: `make it: terrace backend bootstrap ${system}/${environment}`,
  };
}
