import { resourcesOf, type Mask, type PlanChange, type PlanJson } from '../../terraform/plan-json';
import { isObject, type Json } from '../../base/json';

import { base64Cores, formsOf } from './forms';
import { holdsOfReading } from './readings';

/** Values that must not be seen, wherever in a plan they stand. */
export interface Secrets {
  /** True for a value that is a secret as a whole. */
  has(text: string): boolean;
  /** The text with every secret in it replaced. */
  without(text: string, replacement: string): string;
  readonly size: number;
}

/** A sensitive text shorter than this is masked where it is marked, but not looked for elsewhere: `1` or `on` would mask everything. */
const shortestWhole = 4;
/** A sensitive text shorter than this is not looked for within longer ones. */
const shortestPart = 6;
/** A value this long may be a piece of a secret. */
const shortestPiece = 8;
/** What things are called: words of one case, with marks between them. Of a sensitive map such keys say only what is in it. */
const named = /^(?:[A-Z]{1,15}(?:[._-][A-Z0-9]{1,15})+|[a-z]{1,15}(?:[._-][a-z0-9]{1,15})+)$/;
/** Texts that carry nothing and stand everywhere. */
const everywhere = new Set(['true', 'false', 'null', 'none', 'default']);

/**
 * Collects what terraform knows to be sensitive in a plan: marked attributes before and after, sensitive variables and outputs, those of
 * the prior state, and the further values given (outputs that the upstream's state calls sensitive; terraform forgets their marks).
 * Providers copy such values into attributes that carry no mark, hence the search by value. What stands `open` in the unit's own files is not
 * looked for where only a resource's attribute is marked: a provider calls it sensitive, whatever somebody wrote into it (`preview`). What
 * the author calls sensitive, an output or a variable, is looked for wherever it stands.
 */
export function secretsOf(plan: PlanJson, further: readonly Json[] = [], open: ReadonlySet<string> = new Set()): Secrets {
  const found = new Set<string>();
  const change = (item: PlanChange): void => {
    collect(item.before, item.before_sensitive, found);
    collect(item.after, item.after_sensitive, found);
  };
  for (const resource of [...(plan.resource_changes ?? []), ...(plan.resource_drift ?? [])]) change(resource.change);
  const states = [plan.planned_values, plan.prior_state?.values];
  for (const values of states)
    for (const resource of resourcesOf(values?.root_module)) collect(resource.values, resource.sensitive_values, found);
  for (const text of open) found.delete(text);
  for (const output of Object.values(plan.output_changes ?? {})) change(output);
  for (const values of states) for (const output of Object.values(values?.outputs ?? {})) collect(output.value, output.sensitive, found);
  for (const [name, variable] of Object.entries(plan.configuration?.root_module?.variables ?? {})) {
    if (variable.sensitive === true) collect(plan.variables?.[name]?.value, true, found);
  }
  for (const value of further) collect(value, true, found);
  return secretsFrom(found);
}

/** Secrets made of texts. */
export function secretsFrom(texts: Iterable<string>): Secrets {
  const whole = new Set<string>();
  const parts = new Set<string>();
  const cores = new Set<string>();
  const plain = new Set<string>();
  for (const text of texts) {
    if (text.length < shortestWhole || everywhere.has(text.toLowerCase())) continue;
    whole.add(text);
    if (text.length < shortestPart) continue;
    plain.add(text.trim().length < shortestPart ? text : text.trim());
    for (const form of formsOf(text)) parts.add(form);
    for (const core of base64Cores(text)) cores.add(core);
  }
  const pattern = anyOf(parts);
  const packed = anyOf(cores);
  const decoded = anyOf(plain);
  const isReadable = (text: string): boolean =>
    decoded !== undefined && text.length >= shortestPart && holdsOfReading(text, (reading) => reading.search(decoded) >= 0);
  return {
    has: (text) => whole.has(text) || (text.length >= shortestPiece && [...whole].some((secret) => isPieceOf(text, secret))),
    without: (text, replacement) => {
      const rest = pattern === undefined ? text : text.replace(pattern, () => replacement);
      const shown = packed === undefined ? rest : withoutRuns(rest, packed, replacement);
      return isReadable(shown) ? withoutReadable(shown, isReadable, replacement) : shown;
    },
    size: whole.size,
  };
}

/** Without what holds a secret once it is decoded: lines of it, or all where it goes over several. */
function withoutReadable(text: string, isReadable: (text: string) => boolean, replacement: string): string {
  const rest = text.split('\n').map((line) => (isReadable(line) ? replacement : line));
  return isReadable(rest.join('\n')) ? replacement : rest.join('\n');
}

/** A value that is nothing but a good half of a secret word is that secret; of an address or a document a part may stand anywhere. */
function isPieceOf(text: string, secret: string): boolean {
  return text.length * 2 >= secret.length && text.length < secret.length && !/[\s/:@,;{}"]/.test(secret) && secret.includes(text);
}

function anyOf(texts: ReadonlySet<string>): RegExp | undefined {
  if (texts.size === 0) return undefined;
  const longestFirst = [...texts].toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return new RegExp(longestFirst.map(asWritten).join('|'), 'g');
}

/** A text as a pattern. Where it has a space or a line end, YAML may break the line, and indent what follows. */
function asWritten(text: string): string {
  return text
    .replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
    .replaceAll(/\r?\n| /g, (mark) => (mark === ' ' ? String.raw`(?: |\r?\n[ \t]*)` : String.raw`\r?\n[ \t]*`));
}

/** The text without each run of base64 that holds a match: the run's ends hold the first and last bits of the secret. */
function withoutRuns(text: string, core: RegExp, replacement: string): string {
  let written = '';
  let from = 0;
  for (const match of text.matchAll(core)) {
    let [start, end] = [match.index, match.index + match[0].length];
    if (start < from) continue;
    while (start > from && isBase64(text.charCodeAt(start - 1))) start--;
    while (end < text.length && isBase64(text.charCodeAt(end))) end++;
    while (text[end] === '=') end++;
    written += text.slice(from, start) + replacement;
    from = end;
  }
  return written + text.slice(from);
}

function isBase64(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || [43, 45, 47, 95].includes(code);
}

function collect(value: Json | undefined, mask: Mask | undefined, found: Set<string>): void {
  if (value === undefined || value === null || mask === undefined || mask === false) return;
  if (mask === true) {
    for (const text of textsIn(value)) found.add(text);
  } else if (Array.isArray(mask)) {
    if (Array.isArray(value)) for (const [index, item] of value.entries()) collect(item, mask[index], found);
    else if (mask.some((item) => item !== false)) collect(value, true, found);
  } else if (isObject(mask)) {
    if (!isObject(value)) {
      if (Object.keys(mask).length > 0) collect(value, true, found);
      return;
    }
    for (const [key, item] of Object.entries(value)) if (Object.hasOwn(mask, key)) collect(item, mask[key], found);
  }
}

function* textsIn(value: Json): Iterable<string> {
  if (typeof value === 'string') {
    yield value;
    yield* textsOfDocument(value);
  } else if (typeof value === 'number') yield String(value);
  else if (Array.isArray(value)) for (const item of value) yield* textsIn(item);
  else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      yield* textsIn(item);
      if (key.length >= 16 && !named.test(key)) yield key;
    }
  }
}

/** A secret that is a JSON document hides its texts too. */
function* textsOfDocument(text: string): Iterable<string> {
  if (!/^\s*[[{]/.test(text)) return;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return;
  }
  for (const inner of textsIn(value as Json)) if (inner.length >= 8) yield inner;
}
