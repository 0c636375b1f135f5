import { exitCodes, TerraceError, type ExitCode } from '../base/errors';

/** A value of an option or argument that has another form: E0005 (exit 64). */
export function malformedValue(place: string, value: string, expected: string, todo: string): TerraceError {
  return new TerraceError({ code: 'E0005', title: 'malformed value', place, found: `'${value}'`, expected, todo }, exitCodes.wrongUsage);
}

/** A question that has to be answered where nobody can be asked: E0015. */
export function nobodyToAsk(place: string, why: string, todo: string, exitCode: ExitCode = exitCodes.wrongUsage): TerraceError {
  return new TerraceError(
    { code: 'E0015', title: 'no terminal to ask on', place, found: `${why}, and there is no terminal`, todo },
    exitCode,
  );
}

/** An option that says nothing without another one: E0017 (exit 64). */
export function missingOption(place: string, found: string, todo: string): TerraceError {
  return new TerraceError({ code: 'E0017', title: 'missing option', place, found, todo }, exitCodes.wrongUsage);
}

/** A selector of none or several where one environment is meant: E0401 (exit 64). */
export function notOneEnvironment(selector: string, todo: string): TerraceError {
  return new TerraceError(
    {
      code: 'E0401',
      title: 'not an environment',
      place: selector,
      found: selector.includes('*') ? 'a star, which may be several' : 'a path of another length',
      expected: '<system>/<environment>, such as olechka/dev',
      todo,
    },
    exitCodes.wrongUsage,
  );
}

/** A selector of several units where one is meant: E1206 (exit 64). */
export function notOneUnit(selector: string, below: readonly string[]): TerraceError {
  return new TerraceError(
    {
      code: 'E1206',
      title: 'not a single unit',
      place: selector,
      found: `it contains ${below.length} units`,
      expected: 'the path of one unit',
      todo: `name one: ${below[0] ?? '`terrace list` shows them'}`,
    },
    exitCodes.wrongUsage,
  );
}
