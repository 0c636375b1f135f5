/** What an expression can see. */
export interface Scope {
  readonly contexts: { readonly [name: string]: unknown };
  /** How the jobs before ended: `success()`, `failure()` and `cancelled()` ask it. */
  readonly status: 'success' | 'failure' | 'cancelled';
}

const token = /\s*(?:(&&|\|\||==|!=|!|[(),])|'((?:[^']|'')*)'|(\d+(?:\.\d+)?)|([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*))/y;

type Word = { readonly kind: 'sign' | 'text' | 'number' | 'name'; readonly value: string };

/** Evaluates one of GitHub's expressions, as far as the generated workflows use them. Throws for anything else. */
export function evaluate(text: string, scope: Scope): unknown {
  const words = wordsOf(text);
  let at = 0;
  const peek = (): Word | undefined => words[at];
  const take = (sign?: string): Word => {
    const word = words[at];
    if (word === undefined || (sign !== undefined && (word.kind !== 'sign' || word.value !== sign)))
      throw new Error(`${text}: expected ${sign ?? 'more'}`);
    at += 1;
    return word;
  };
  const isSign = (sign: string): boolean => peek()?.kind === 'sign' && peek()?.value === sign;
  const or = (): unknown => {
    let left = and();
    while (isSign('||')) {
      take();
      const right = and();
      left = truthy(left) ? left : right;
    }
    return left;
  };
  const and = (): unknown => {
    let left = compare();
    while (isSign('&&')) {
      take();
      const right = compare();
      left = truthy(left) ? right : left;
    }
    return left;
  };
  const compare = (): unknown => {
    const left = unary();
    if (!isSign('==') && !isSign('!=')) return left;
    const { value } = take();
    return equal(left, unary()) === (value === '==');
  };
  const unary = (): unknown => {
    if (!isSign('!')) return primary();
    take();
    return !truthy(unary());
  };
  const primary = (): unknown => {
    if (isSign('(')) {
      take();
      const value = or();
      take(')');
      return value;
    }
    const word = take();
    if (word.kind === 'text') return word.value;
    if (word.kind === 'number') return Number(word.value);
    if (word.kind !== 'name') throw new Error(`${text}: ${word.value} is no value`);
    if (!isSign('(')) return found(word.value, scope);
    take('(');
    const values: unknown[] = [];
    while (!isSign(')')) {
      values.push(or());
      if (isSign(',')) take();
    }
    take(')');
    return called(word.value, values, scope);
  };
  const value = or();
  if (at !== words.length) throw new Error(`${text}: ${words[at]?.value} is too much`);
  return value;
}

/** Text with expressions in it; a text that is one expression gives its value as text. */
export function interpolate(text: string, scope: Scope): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/g, (_all, inner: string) => asText(evaluate(inner, scope)));
}

/** Whether a job or step runs: without a word about the status, only after success. */
export function runs(condition: string | undefined, scope: Scope): boolean {
  const text = (condition ?? 'success()').replace(/^\$\{\{(.*)\}\}$/s, '$1').trim();
  const mindsStatus = /\b(?:success|failure|cancelled|always)\(/.test(text);
  return (mindsStatus || scope.status === 'success') && truthy(evaluate(text, scope));
}

export function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const truthy = (value: unknown): boolean => value !== '' && value !== false && value !== null && value !== undefined && value !== 0;

/** GitHub compares loosely: numbers and texts as numbers, texts without their case. */
function equal(left: unknown, right: unknown): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left.toLowerCase() === right.toLowerCase();
  if (typeof left === typeof right) return left === right;
  const number = (value: unknown): number => (value === '' || value === null || value === undefined ? 0 : Number(value));
  return number(left) === number(right);
}

function found(name: string, scope: Scope): unknown {
  if (name === 'true' || name === 'false') return name === 'true';
  let value: unknown = scope.contexts;
  for (const part of name.split('.')) value = typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined;
  return value;
}

function called(name: string, values: readonly unknown[], { status }: Scope): unknown {
  switch (name) {
    case 'always':
      return true;
    case 'success':
    case 'failure':
    case 'cancelled':
      return status === name;
    case 'contains': {
      const [list, item] = values;
      return Array.isArray(list) ? list.some((one) => equal(one, item)) : asText(list).toLowerCase().includes(asText(item).toLowerCase());
    }
    case 'fromJSON':
      return JSON.parse(asText(values[0])) as unknown;
    case 'format':
      return asText(values[0]).replaceAll(/\{(\d+)\}/g, (_all, index: string) => asText(values[Number(index) + 1]));
    default:
      throw new Error(`no function ${name}`);
  }
}

function wordsOf(text: string): readonly Word[] {
  const words: Word[] = [];
  token.lastIndex = 0;
  const end = text.trimEnd().length;
  while (token.lastIndex < end) {
    const match = token.exec(text);
    if (match === null) throw new Error(`${text}: cannot be read`);
    const [, sign, quoted, number, name] = match;
    if (sign !== undefined) words.push({ kind: 'sign', value: sign });
    else if (quoted !== undefined) words.push({ kind: 'text', value: quoted.replaceAll("''", "'") });
    else if (number !== undefined) words.push({ kind: 'number', value: number });
    else words.push({ kind: 'name', value: name ?? '' });
  }
  return words;
}
