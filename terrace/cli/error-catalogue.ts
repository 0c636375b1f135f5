import { closest } from 'fastest-levenshtein';

import { exitCodes, TerraceError } from '../base/errors';
import catalogue from './error-catalogue.json';

/** What one place that raises an error says, with `<name>` for what is filled in. */
export interface ErrorMessage {
  readonly found?: string;
  readonly expected?: string;
  readonly todo?: string;
}

/** An error by its code. */
export interface KnownError {
  readonly code: string;
  readonly title: string;
  readonly messages: readonly ErrorMessage[];
  /** The lines of one as it is printed. */
  readonly example: readonly string[];
}

/** The error of a code, as docs/errors.md has it. Raises E0014. */
export function errorNamed(code: string): KnownError {
  const known: Readonly<Record<string, Omit<KnownError, 'code'>>> = catalogue;
  const found = known[code];
  if (found !== undefined) return { code, ...found };
  throw new TerraceError(
    {
      code: 'E0014',
      title: 'unknown error code',
      place: code,
      found: 'this version has no such error code',
      expected: 'E and four digits, as at the start of a message',
      todo: `did you mean ${closest(code, Object.keys(known))}?`,
    },
    exitCodes.wrongUsage,
  );
}

/** An error for people: each cause as its reader meets it, what was expected, what to do; then what one looks like. */
export function errorText({ code, title, messages, example }: KnownError): string {
  return [
    `${code} ${title}`,
    ...messages.map(({ found, expected, todo }) =>
      [
        ...(found === undefined ? [] : [`  cause: ${found}`]),
        ...(expected === undefined ? [] : [`  expected: ${expected}`]),
        ...(todo === undefined ? [] : [`  to do: ${todo}`]),
      ].join('\n'),
    ),
    ['  example:', ...example.map((line) => `    ${line}`)].join('\n'),
  ].join('\n\n');
}
