import { Token, Tokenization, type ResolveOptions } from 'cdktf';
import tokens = require('cdktf/lib/tokens/private/resolve');
import { Construct } from 'constructs';

/** What a text has in it where a token may stand, in each of cdktf's encodings: the marker, and a double in scientific notation. */
const maybeToken = /TfToken\[|[-|\d.+]e[-|\d.eE+]/;
/** No number of a configuration is as great; cdktf encodes tokens as doubles beyond 1e200. */
const greatest = 1e200;

let checked = false;

/** Resolves within `work` as cdktf prepares a stack: a reference to another stack is shown to the app, which would go unseen otherwise. */
export function whileReferencesAreChecked<T>(work: () => T): T {
  checked = true;
  try {
    return work();
  } finally {
    checked = false;
  }
}

/**
 * Resolves as cdktf does, which makes two closures for each value of a configuration, token or not: what holds no token is copied, and
 * everything else is handed to cdktf (in the five systems one value in ten). Half of a synthesis was spent there.
 */
function resolveValue(value: unknown, path: string[], options: ResolveOptions): unknown {
  const isPlain =
    typeof value === 'string'
      ? !maybeToken.test(value) && value !== Token.STRING_MAP_TOKEN_VALUE && value !== Token.ANY_MAP_TOKEN_VALUE
      : typeof value === 'number'
        ? Math.abs(value) < greatest && value !== Token.NUMBER_MAP_TOKEN_VALUE
        : typeof value === 'boolean' || value === null || value === undefined;
  if (isPlain) return value;
  if (typeof value !== 'object' || value === null || path.length > 200 || isSpecial(value))
    return tokens.resolve(value, { ...options, preparing: checked || options.preparing === true, prefix: [...path] });
  if (Array.isArray(value))
    return value.map((one: unknown, index) => at(one, String(index), path, options)).filter((one) => one !== undefined);
  const resolved: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(value)) {
    const answer = at(one, key, path, options);
    if (answer !== undefined) resolved[key] = answer;
  }
  return resolved;
}

function at(value: unknown, key: string, path: string[], options: ResolveOptions): unknown {
  path.push(key);
  const answer = resolveValue(value, path, options);
  path.pop();
  return answer;
}

/** What cdktf does not take apart member by member: tokens, constructs, dates, lists and maps that stand for a token as a whole. */
function isSpecial(value: object): boolean {
  if (Tokenization.isResolvable(value) || Construct.isConstruct(value) || value instanceof Date) return true;
  if (Array.isArray(value))
    return value.some(
      (one: unknown) => (typeof one === 'string' && one.includes('#{TfToken[')) || (typeof one === 'number' && Math.abs(one) >= greatest),
    );
  return Object.keys(value).some((key) => maybeToken.test(key));
}

Object.assign(Tokenization, { resolve: (value: unknown, options: ResolveOptions): unknown => resolveValue(value, [], options) });
