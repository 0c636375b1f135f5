import { isList, isObject, type ObjectValue, type Value } from '../protocol/value';
import { decimals, lowerCase, upperCase, type RandomStream } from './random-stream';

/** What a template may refer to: settings of the connection (`region`, `account`, …) and the resource's own attributes. */
export interface TemplateScope {
  readonly settings: Readonly<Record<string, string>>;
  readonly attributes: ObjectValue;
  /** Absent at plan time: then every template with a random part is not yet known. */
  readonly random?: RandomStream;
}

const part = /\{([^{}]+)\}/g;

const generators: Readonly<Record<string, (random: RandomStream, length: number) => string>> = {
  hex: (random, length) => random.hex(length),
  digits: (random, length) => random.digits(length),
  lower: (random, length) => random.text(length, lowerCase),
  upper: (random, length) => random.text(length, upperCase),
  base36: (random, length) => random.text(length, lowerCase + decimals),
  BASE36: (random, length) => random.text(length, upperCase + decimals),
  base62: (random, length) => random.text(length, lowerCase + upperCase + decimals),
  uuid: (random) => random.uuid(),
  byte: (random) => String(1 + random.number(253)),
  now: () => new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
};

/**
 * The text of a template such as `vpc-{hex:17}` or `arn:{partition}:sns:{region}:{account}:{name}`; undefined while a part is not known.
 * A part is a generator with a length, a setting, an attribute (`a.b` goes through single-element lists) or alternatives `{a|b|'text'}`;
 * `:lower`, `:slug` and `:last` (after the last slash) change its text.
 */
export function fillTemplate(template: string, scope: TemplateScope): string | undefined {
  let complete = true;
  const text = template.replace(part, (_, expression: string) => {
    const value = evaluate(expression, scope);
    if (value === undefined) complete = false;
    return value ?? '';
  });
  return complete ? text : undefined;
}

function evaluate(expression: string, scope: TemplateScope): string | undefined {
  for (const alternative of expression.split('|')) {
    const literal = /^'(.*)'$/.exec(alternative);
    if (literal !== null) return literal[1];
    const [name = '', modifier] = alternative.split(':');
    const generator = Object.hasOwn(generators, name) ? generators[name] : undefined;
    if (generator !== undefined) return scope.random === undefined ? undefined : generator(scope.random, Number(modifier ?? 8));
    const found = scope.settings[name] ?? lookUp(scope.attributes, name);
    if (found === undefined) return undefined;
    if (found !== '') return modify(found, modifier);
  }
  return undefined;
}

/** The text at a dotted path; '' when it is null or absent, undefined when it is unknown. */
function lookUp(attributes: ObjectValue, path: string): string | undefined {
  let value: Value | undefined = attributes;
  for (const name of path.split('.')) {
    if (isList(value)) value = value[0];
    value = isObject(value) ? value[name] : value === null || value === undefined ? null : undefined;
    if (value === null) return '';
    if (value === undefined) return attributes === value ? undefined : '';
  }
  if (isList(value)) value = value[0] ?? null;
  if (value === null) return '';
  return typeof value === 'object' ? undefined : String(value);
}

function modify(text: string, modifier: string | undefined): string {
  if (modifier === 'lower') return text.toLowerCase();
  if (modifier === 'slug') return text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
  if (modifier === 'last') return text.split(/[/:]/).at(-1) ?? text;
  if (modifier === 'bare') return text.replaceAll(/[^A-Za-z0-9]/g, '');
  return text;
}
