import { closest } from 'fastest-levenshtein';

import { exitCodes, TerraceError } from '../base/errors';
import { wrapWords } from '../base/wrap-words';
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

/**
 * The error code that a word means: `E6016`, and as people type it from memory, `e6016` or `6016`; also one that cannot be, `E60166`. Undefined for any
 * other word.
 */
export function errorCodeIn(word: string): string | undefined {
  const digits = (/^e?(\d{4})$/i.exec(word) ?? /^E(\d+)$/.exec(word))?.[1];
  return digits === undefined ? undefined : `E${digits}`;
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

/** An error for people: each cause as its reader meets it, what was expected, what to do, in lines of a width; then what one looks like. */
export function errorText({ code, title, messages, example }: KnownError, width = Number.POSITIVE_INFINITY): string {
  const line = (text: string): string =>
    wrapWords(text, width - 4)
      .map((part, index) => `${index === 0 ? '  ' : '    '}${part}`)
      .join('\n');
  return [
    `${code} ${title}`,
    ...messages.map(({ found, expected, todo }) =>
      [
        ...(found === undefined ? [] : [line(`cause: ${found}`)]),
        ...(expected === undefined ? [] : [line(`expected: ${expected}`)]),
        ...(todo === undefined ? [] : [line(`to do: ${todo}`)]),
      ].join('\n'),
    ),
    ['  example:', ...example.map((line) => `    ${line}`)].join('\n'),
  ].join('\n\n');
}
