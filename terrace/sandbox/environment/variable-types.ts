import { numberNamed, stringNamed } from './variable-forms';
import type { ValueSource } from './value-source';

/**
 * A value of a terraform type expression: `string`, `number`, `bool`, `any`, `list(…)`, `set(…)`, `map(…)`, `tuple([…])` and
 * `object({…})`, nested as they like. Optional attributes of objects are left out. What cannot be read counts as a string.
 */
export function valueOfType(type: string, name: string, description: string, source: ValueSource): unknown {
  const call = /^\s*(\w+)\s*(?:\(([\s\S]*)\))?\s*$/.exec(type);
  const inner = call?.[2] ?? '';
  switch (call?.[1]) {
    case 'number':
      return numberNamed(name, description, source);
    case 'bool':
      return false;
    case 'list':
    case 'set':
      return [valueOfType(inner, singular(name), description, source), valueOfType(inner, singular(name), description, source)];
    case 'map':
      return { sandbox: valueOfType(inner, singular(name), description, source) };
    case 'tuple':
      return split(inner.trim().replace(/^\[|\]$/g, '')).map((one) => valueOfType(one, singular(name), description, source));
    case 'object':
      return Object.fromEntries(
        split(inner.trim().replace(/^\{|\}$/g, '')).flatMap((attribute) => {
          const [, key, of] = /^\s*"?([\w-]+)"?\s*[=:]\s*([\s\S]+)$/.exec(attribute) ?? [];
          if (key === undefined || of === undefined || /^optional\s*\(/.test(of)) return [];
          return [[key, valueOfType(of, key, '', source)] as const];
        }),
      );
    default:
      return stringNamed(name, description, source);
  }
}

/** `cidrs` → `cidr`, `addresses` → `address`, `policies` → `policy`. */
function singular(name: string): string {
  if (/ies$/.test(name)) return name.replace(/ies$/, 'y');
  if (/(?:ss|x|ch|sh)es$/.test(name)) return name.replace(/es$/, '');
  return name.replace(/([^s])s$/, '$1');
}

/** Parts between commas or line ends that stand outside of brackets. */
function split(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of text) {
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (depth === 0 && (character === ',' || character === '\n')) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  return [...parts, part].filter((one) => one.trim() !== '');
}
