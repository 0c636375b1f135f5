import type { CloudRecord } from '../cloud/record';
import { isList, isObject, isUnknown, type ObjectValue, type Value } from '../protocol/value';
import type { ResourceCall } from './context';
import { filterOf } from './filters';
import { linkedValues } from './links';
import { denotes, equals, fitsSelector, held, holdsTags, nameOf, remembered, tagsOf } from './matching';
import { relatedAttribute, relatedList } from './related';
import { Refusal } from './refusal';
import type { Target } from './target';

type Fits = (record: CloudRecord) => boolean;

/** Arguments of any provider that say how to look or where, not what to look for. */
const manner =
  /^(project|provider|most_recent|all_availability_zones|max_items|max_results|page|page_size|per_page|results_per_page|limit|match|order|order_by|direction|sort|search|timeouts|with_decryption|allow_unsafe_filter|uncalculated_.*|include_.*|exclude_.*|recursive|depth|resolve_.*|wait_.*|fetch_.*|version_stage|best|retrieve_.*|ignore_.*|force_.*|qualifier)$/;

/** What the arguments of a data source select: each known one is a condition. Refuses an argument of which the simulation does not know what it selects. */
export function selectionOf(call: ResourceCall, target: Target, config: ObjectValue): Fits {
  const rules = call.provider.overlay.dataSources?.[call.type];
  const attributes = call.schema.block.attributes ?? {};
  const conditions = Object.entries(config).flatMap(([name, wanted]) => {
    if (wanted === null || isUnknown(wanted) || (isList(wanted) && wanted.length === 0)) return [];
    const attribute = attributes[name];
    if (attribute !== undefined && attribute.optional !== true && attribute.required !== true) return [];
    const said = rules?.selects?.[name];
    if (
      said === undefined &&
      (manner.test(name) || (name === 'region' && call.provider.name === 'aws') || rules?.ignores?.includes(name) === true)
    )
      return [];
    return [condition(call, target, said ?? name, name, wanted)];
  });
  return (record) => conditions.every((fits) => fits(record));
}

function condition(call: ResourceCall, target: Target, path: string, name: string, wanted: Value): Fits {
  const [type = ''] = target.types;
  if (/^filters?$/.test(name)) return filtering(call, target, wanted);
  if (isObject(wanted)) {
    if (/(^|_)(tags|labels|tag)$/.test(name)) return (record) => holdsTags(tagsOf(record), wanted);
    return nested(path, wanted);
  }
  if (/(^|_)(label_)?selector$/.test(name) && typeof wanted === 'string') return (record) => fitsSelector(tagsOf(record), wanted);
  if (/^name_(regex|pattern)$/.test(name) && typeof wanted === 'string') {
    const pattern = new RegExp(wanted);
    return (record) => pattern.test(nameOf(record));
  }
  if (typeof wanted === 'string' && /(^|_)(prefix|contains)$/.test(name) && target.block.attributes?.[name] === undefined) {
    const whole = name.replace(/_?(prefix|contains)$/, '');
    // A bare prefix is one of what the objects of a list are known by.
    const part =
      whole === ''
        ? ['key', path, 'name'].find((one) => target.block.attributes?.[one] !== undefined)
        : (relatedAttribute(type, target.block, whole) ?? (isListed(call, whole) ? whole : undefined));
    const fits = (text: string): boolean => (name.endsWith('prefix') ? text.startsWith(wanted) : text.includes(wanted));
    if (part !== undefined) return (record) => fits(String(held(record, part) ?? ''));
  }
  if (typeof wanted === 'boolean') {
    // Providers look for what is true; false is what an argument is that was not given.
    const flag = relatedAttribute(type, target.block, path) ?? path;
    return (record) => !wanted || held(record, flag) === true || (target.block.attributes?.[flag] === undefined && !remembered.has(flag));
  }
  if (isList(wanted)) {
    if (wanted.every(isObject)) return (record) => wanted.every((one) => nested(path, one)(record));
    if (name === 'owners') return owned(call, wanted);
    const attribute = relatedList(type, target.block, path) ?? relatedAttribute(type, target.block, path);
    if (attribute !== undefined) return (record) => wanted.some((one) => denotes(held(record, attribute), one));
    if (/^(with_)?(status(es)?|states?)$/.test(name))
      return (record) => wanted.some((one) => /available|active|issued|running/i.test(String(one)) && record.id !== '');
    throw unknownArgument(call, name);
  }
  const special = call.provider.kind.selects?.(type, name, String(wanted));
  if (special !== undefined) return special;
  if (/(^|_)owner$/.test(name) && /^self$/i.test(String(wanted))) return () => true;
  const attribute = relatedAttribute(type, target.block, path);
  if (attribute === undefined) {
    if (/^(status|state)$/.test(name)) return () => /available|active|running/i.test(String(wanted));
    if (remembered.has(path)) return (record) => equals(held(record, path), wanted);
    const follows = call.provider.kind.follows?.(call, target.block, path);
    if (follows !== undefined) return (record) => equals(follows(record), wanted);
    const link = linkedValues(call, target, name);
    if (link === undefined) throw unknownArgument(call, name);
    return (record) => equals(link(record), wanted);
  }
  return (record) =>
    attribute === name && !refersTo(name, wanted, held(record, attribute))
      ? equals(held(record, attribute), wanted) || (name === 'id' && record.id === String(wanted))
      : denotes(held(record, attribute), wanted);
}

/** Whether a resource names another one by its path where it is looked for by its name: `projects/shop/secrets/key` for `key`. */
function refersTo(name: string, wanted: Value, value: unknown): boolean {
  return (
    !/(^|_)(id|arn|name|key|path|prefix|url)$/.test(name) &&
    typeof value === 'string' &&
    /^(https:\/\/|projects\/|\/subscriptions\/|arn:)/.test(value) !== /^(https:\/\/|projects\/|\/subscriptions\/|arn:)/.test(String(wanted))
  );
}

/** Whether a data source lists objects that have an attribute of this name. */
function isListed({ schema: { block } }: ResourceCall, name: string): boolean {
  return Object.values(block.attributes ?? {}).some(
    ({ type }) => Array.isArray(type) && Array.isArray(type[1]) && type[1][0] === 'object' && Object.hasOwn(type[1][1], name),
  );
}

function filtering(call: ResourceCall, target: Target, wanted: Value): Fits {
  if (typeof wanted === 'string') return expression(call, target, wanted);
  if (!isList(wanted)) return isObject(wanted) ? nested('', wanted) : () => true;
  const filters = wanted.filter(isObject).map((filter) => filterOf(call, target, filter));
  return (record) => filters.every((fits) => fits(record));
}

/** `owners` of images and snapshots: `self`, `amazon`, account ids. */
function owned(call: ResourceCall, owners: readonly Value[]): Fits {
  const own = call.settings.values['account'];
  return (record) =>
    owners.some((one) =>
      one === 'self'
        ? record.scope.split('/')[0] === own && [own, ''].includes(String(held(record, 'owner_id') ?? ''))
        : equals(held(record, 'owner_id'), one) || equals(held(record, 'owner_alias'), one),
    );
}

/** Arguments in a block or object: `metadata { name namespace }`, `filter = { name = { contains = "x" } }`. */
function nested(path: string, wanted: ObjectValue): Fits {
  const conditions = Object.entries(wanted).flatMap(([name, value]): Fits[] => {
    if (value === null || isUnknown(value) || manner.test(name)) return [];
    if (isObject(value) && /(^|_)(tags|labels)$/.test(name)) return [(record) => holdsTags(tagsOf(record), value)];
    if (isObject(value)) return [nested(path === '' ? name : `${path}.${name}`, value)];
    if (typeof value === 'object' && value !== null) return [];
    const whole = /^(exact|contains|startswith|endswith)$/.test(name) ? path : path === '' ? name : `${path}.${name}`;
    return [
      (record) => {
        const found = values(record.values, whole.split('.'));
        const text = String(value);
        if (name === 'contains') return found.some((one) => String(one).includes(text));
        if (name === 'startswith') return found.some((one) => String(one).startsWith(text));
        if (name === 'endswith') return found.some((one) => String(one).endsWith(text));
        return (
          found.some((one) => equals(one, value)) ||
          (name === 'namespace' && text === 'default' && found.every((one) => one === null || one === ''))
        );
      },
    ];
  });
  return (record) => conditions.every((fits) => fits(record));
}

function values(value: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => values(one, path));
  const [name, ...rest] = path;
  if (name === undefined) return [value];
  if (typeof value !== 'object' || value === null) return [];
  const members: Readonly<Record<string, unknown>> = { ...value };
  return name in members
    ? values(members[name], rest)
    : rest.length > 0 && `${name}_${rest[0]}` in members
      ? values(members[`${name}_${rest[0]}`], rest.slice(1))
      : [null];
}

/** Google's filter language, as far as fields are compared with texts: `name:web* AND labels.env=prod`. */
function expression(call: ResourceCall, target: Target, text: string): Fits {
  const terms = text
    .split(/\s+(?:AND\s+)?(?=[\w.]+\s*(?:!=|=|:|eq\b|ne\b))/)
    .map((term) => /^\(?([\w.]+)\s*(!=|=|:|eq|ne)\s*"?([^"()]*?)"?\)?$/.exec(term.trim()));
  if (terms.some((term) => term === null) || /\bOR\b|\bNOT\b/.test(text))
    throw new Refusal(
      `reading ${call.type}`,
      `the simulation does not understand the filter ${JSON.stringify(text)}; it compares fields with texts, joined by AND`,
      'filter',
    );
  return (record) =>
    terms.every((term) => {
      const [, field = '', operator = '', wanted = ''] = term ?? [];
      const label = /^labels\.(.*)$/.exec(field)?.[1];
      const name = field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const attribute = relatedAttribute(target.types[0] ?? '', target.block, name) ?? name;
      const value = label === undefined ? held(record, attribute) : tagsOf(record)[label];
      const same =
        operator === 'eq' || operator === 'ne'
          ? new RegExp(`^(?:${wanted})$`).test(String(value ?? ''))
          : operator === ':' && wanted.endsWith('*')
            ? String(value ?? '').startsWith(wanted.slice(0, -1))
            : operator === ':' && wanted === ''
              ? value !== undefined
              : denotes(value, wanted);
      return operator === '!=' || operator === 'ne' ? !same : same;
    });
}

function unknownArgument(call: ResourceCall, name: string): Refusal {
  return new Refusal(
    `reading ${call.type}`,
    `the simulation does not know what the argument ${name} selects, and does not guess; look the resource up by another argument, or say it in the overlay of ${call.provider.name} (selects)`,
    name,
  );
}
