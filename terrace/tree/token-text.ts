import { Hash } from 'node:crypto';

import { TerraceError } from '../base/errors';
import { guardedLine } from '../base/source-line';
import { isBuilding } from './building';

/** What stands in a text where terraform will put a value. */
const marker = 'TfToken[';

/** Methods whose result would be made of the marker's letters, and the function of terraform that does the same. */
const textMethods: Readonly<Record<string, string>> = {
  at: 'Fn.substr',
  charAt: 'Fn.substr',
  charCodeAt: 'Fn.substr',
  codePointAt: 'Fn.substr',
  normalize: 'a terraform function',
  padEnd: 'Fn.format',
  padStart: 'Fn.format',
  slice: 'Fn.substr',
  split: 'Fn.split',
  substr: 'Fn.substr',
  substring: 'Fn.substr',
  toLocaleLowerCase: 'Fn.lower',
  toLocaleUpperCase: 'Fn.upper',
  toLowerCase: 'Fn.lower',
  toUpperCase: 'Fn.upper',
};

/**
 * Runs a part of building the tree in which code that takes a token's text apart is refused (E1311), such as `slice`, `split`, changes of case,
 * sorting, hashing. What only adds to a text, or asks (`includes`, `length`), goes on as before: a test of the synthesized JSON finds broken
 * tokens (E3102), nothing finds a question. cdktf and installed packages may take texts apart.
 */
export function whileTokenTextsAreWhole<T>(build: () => T): T {
  const undo = [
    ...Object.entries(textMethods).map(([name, instead]) =>
      replaceMethod(String.prototype, name, (self, values) => hasToken(self) && !(name === 'split' && isLineEnd(values[0])), name, instead),
    ),
    replaceMethod(String.prototype, Symbol.iterator, (self) => hasToken(self), 'the letters', 'Fn.split'),
    ...['sort', 'toSorted'].map((name) =>
      replaceMethod(Array.prototype, name, (self) => Array.isArray(self) && self.length > 1 && self.some(hasToken), name, 'Fn.sort'),
    ),
    replaceMethod(Hash.prototype, 'update', (_, [data]) => hasToken(data), 'a hash', 'Fn.sha256'),
  ];
  try {
    return build();
  } finally {
    for (const one of undo) one();
  }
}

function hasToken(value: unknown): boolean {
  return typeof value === 'string' && value.includes(marker);
}

/** A text is taken apart into lines to be indented, which leaves every token whole. */
function isLineEnd(separator: unknown): boolean {
  return separator === '\n' || separator === '\r\n' || (separator instanceof RegExp && ['\\r?\\n', '\\n'].includes(separator.source));
}

function replaceMethod(
  prototype: object,
  name: string | symbol,
  concerns: (self: unknown, values: readonly unknown[]) => boolean,
  shown: string,
  instead: string,
): () => void {
  const own = Object.getOwnPropertyDescriptor(prototype, name);
  if (own === undefined || typeof own.value !== 'function') return () => undefined;
  const original: (...values: unknown[]) => unknown = own.value;
  Object.defineProperty(prototype, name, {
    ...own,
    value(this: unknown, ...values: unknown[]): unknown {
      if (concerns(this, values) && isBuilding()) refuseText(shown, instead);
      return Reflect.apply(original, this, values);
    },
  });
  return () => void Object.defineProperty(prototype, name, own);
}

function refuseText(method: string, instead: string): void {
  const caller = guardedLine(__filename);
  if (caller === undefined) return;
  throw new TerraceError({
    code: 'E1311',
    title: 'text that terraform knows later',
    place: caller.text,
    found: `${method} of a text with a value that is known only when terraform runs: it would be applied to the placeholder, not to the value`,
    expected: 'the text passed on as it is, inside another text, or through a terraform function',
    todo: `use ${instead} of cdktf, or change the text before the value is put in`,
  });
}
