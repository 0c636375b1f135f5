import { isList, isObject, isUnknown, type ObjectValue, type Value } from '../protocol/value';
import { uniqueSuffix } from './unique-name';
import { decimals, lowerCase, upperCase, type RandomStream } from './random-stream';

/** What a template may refer to: settings of the connection (`region`, `account`, …) and the resource's own attributes. */
export interface TemplateScope {
  readonly settings: Readonly<Record<string, string>>;
  readonly attributes: ObjectValue;
  /** Absent at plan time: then every template with a random part is not yet known. */
  readonly random?: RandomStream;
}

/** Braces of JSON texts and `${…}` and `#{…}` of AWS formats are no parts: a part begins with a letter or a quote. */
const part = /(?<![$#])\{([a-zA-Z'][^{}"\s]*)\}/g;

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
  unique: () => uniqueSuffix(),
  now: () => new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
};

/**
 * The text of a template such as `vpc-{hex:17}` or `arn:{partition}:sns:{region}:{account}:{name}`; undefined while a part is not known.
 * A part is a generator with a length, a setting, an attribute (`a.b` goes through single-element lists) or alternatives `{a|b|'text'}`;
 * modifiers such as `:lower`, `:slug` and `:last` (after the last slash or colon) change its text.
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

/** The top-level attributes that the parts of a template name. */
export function attributesIn(template: string): string[] {
  const named = [...template.matchAll(part)].flatMap(([, expression = '']) =>
    expression.split('|').map((alternative) => alternative.split(/[:.]/)[0] ?? ''),
  );
  return [...new Set(named)].filter((name) => !name.startsWith("'") && !Object.hasOwn(generators, name));
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
  return '';
}

/** The text at a dotted path; '' when it is null or absent, undefined when it is unknown. */
function lookUp(attributes: ObjectValue, path: string): string | undefined {
  let value: Value = attributes;
  for (const name of path.split('.')) {
    if (isList(value)) value = value[0] ?? null;
    if (isUnknown(value)) return undefined;
    value = isObject(value) ? (value[name] ?? null) : null;
  }
  if (isList(value)) value = value[0] ?? null;
  if (value === null) return '';
  return typeof value === 'object' ? undefined : String(value);
}

const loadBalancers: Readonly<Record<string, string>> = { application: 'app', network: 'net', gateway: 'gwy' };

function modify(text: string, modifier: string | undefined): string {
  if (modifier === 'secret') return text.replace(/^.*:secret:(.*)-[^-]*$/, '$1');
  if (modifier === 'slash') return text.endsWith('/') ? text : `${text}/`;
  if (modifier === 'waf') return text === 'CLOUDFRONT' ? 'global' : 'regional';
  if (modifier === 'tail') return text.slice(text.indexOf('/') + 1);
  if (modifier === 'gateway') return text.replace(/\d+\/\d+$/, '1');
  if (modifier === 'net') return text.replace(/::1$/, '::/64');
  if (modifier === 'host') return text.replace(/^https?:\/\//, '');
  if (modifier === 'trimslash') return text.replace(/^\//, '');
  if (modifier === 'elb') return loadBalancers[text] ?? text;
  if (modifier === 'short') return text.replace(/^([a-z]+)-([a-z])[a-z]*(?:([a-z])[a-z]*)?-(\d)$/, '$1$2$4');
  if (modifier === 'lower') return text.toLowerCase();
  if (modifier === 'slug')
    return text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '');
  if (modifier === 'last') return text.split(/[/:]/).at(-1) ?? text;
  if (modifier === 'bare') return text.replaceAll(/[^A-Za-z0-9]/g, '');
  return text;
}
