import type { CloudRecord } from '../cloud/record';
import { fromJson } from '../protocol/json';
import { isList, isObject, isUnknown, unknown, type ObjectValue, type Value } from '../protocol/value';
import { completeState } from '../plan/complete';
import { typeOfAttribute, type Block, type Type } from '../schema/schema';
import { guessValue } from '../values/guess';
import { RandomStream } from '../values/random-stream';
import { fillTemplate } from '../values/template';
import type { ResourceCall } from './context';
import { tiedValues } from './links';
import { listRecords } from './listing';
import { held, nameOf, tagsOf } from './matching';
import { relatedAttribute } from './related';
import { Refusal } from './refusal';
import { isHeld, seededAnswer } from './seeded-answers';
import { selectionOf } from './selecting';
import { targetOf, type Target } from './target';
import { unanswered } from './unanswered';
import { singularNames } from './words';

/**
 * Answers a data source: by its own behaviour, by the simulated resources that fit its arguments, or by the values of the overlay.
 * One behind which no resource type stands and of which there is no table is refused: an answer would be invented.
 */
export async function readDataSource(call: ResourceCall, config: ObjectValue): Promise<ObjectValue> {
  const seeded = seededAnswer(call, config);
  if (seeded === undefined) return answerOf(call, config);
  try {
    const now = await answerOf(call, config);
    return isHeld(call, now) ? now : seeded;
  } catch (error) {
    if (error instanceof Refusal) return seeded;
    throw error;
  }
}

async function answerOf(call: ResourceCall, config: ObjectValue): Promise<ObjectValue> {
  const { kind, overlay } = call.provider;
  const own = kind.dataSources[call.type];
  if (own !== undefined) return fill(call, { ...config, ...(await own(call, config)) });
  const rules = overlay.dataSources?.[call.type];
  const values = rules?.values === undefined ? {} : answers(call, config, rules.values);
  const target = targetOf(call);
  if (target === undefined) {
    const known = addedAnswer(call, config);
    if (known !== undefined) return fill(call, known);
    if (rules?.values !== undefined) return fill(call, { ...config, ...values });
    return unanswered(call, config);
  }
  const found = findRecords(call, target, config);
  if (target.lists) return listRecords(call, target, config, found);
  const one = pick(call, target, config, found);
  if (one !== undefined)
    return fill(call, { ...fromRecord(call, target, config, one), ...(rules?.assumed === true ? {} : values) }, { target, record: one });
  if (rules?.assumed === true) return fill(call, { ...config, ...values });
  const wanted = Object.entries(config)
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .map(([argument, value]) => `${argument} ${JSON.stringify(value)}`);
  const [type = ''] = target.types;
  throw new Refusal(`reading ${type}`, `no matching ${type} found${wanted.length > 0 ? ` with ${wanted.join(', ')}` : ''}`);
}

/** What somebody made known to be the answer of a data source behind which no resource stands (`sandbox cloud add`). */
export function addedAnswer(call: ResourceCall, config: ObjectValue): ObjectValue | undefined {
  const target: Target = { types: [call.type], block: call.schema.block, lists: false };
  const found = call.provider.cloud
    .list(call.provider.name, call.type, call.settings.scope === '-' ? undefined : call.settings.scope)
    .map(({ record }) => record)
    .filter((record) =>
      Object.entries(config).every(([name, wanted]) => typeof wanted !== 'string' || name === 'region' || record.values[name] === wanted),
    );
  const one = found.at(-1);
  return one === undefined ? undefined : fromRecord(call, target, config, one);
}

/** The resources whose attributes fit every argument that is given, tags and filters included; oldest first. */
export function findRecords(call: ResourceCall, target: Target, config: ObjectValue): CloudRecord[] {
  const { cloud, kind, name, overlay } = call.provider;
  const selected = selectionOf(call, target, config);
  const isOpen = target.lists && !asks(config);
  const left = isFiltered(config) ? undefined : overlay.dataSources?.[call.type]?.leavesOut;
  const fits = (record: CloudRecord): boolean =>
    selected(record) && !(isOpen && record.hidden?.['furnished'] === true) && !(left !== undefined && record.hidden?.[left] === true);
  return target.types.flatMap((type) => {
    const schema = call.provider.schemas.resource(type);
    const settings = schema === undefined ? call.base : (kind.settingsOf?.(call.base, config, schema) ?? call.base);
    kind.furnish?.(call.provider, settings, type);
    const own = cloud.list(name, type, settings.scope === '-' ? undefined : settings.scope).map(({ record }) => record);
    // A list shows what an account holds; what the cloud owns is found by those who ask for it. Some things every account has from the start.
    const owned =
      target.lists && !/_ids$|_prefix_lists$|_event_buses$|_projects$|_subscriptions$/.test(call.type)
        ? []
        : (kind.owned?.(settings, type, config) ?? []);
    return [
      ...own,
      ...owned.map((one) => ({ version: 1 as const, provider: name, type, scope: settings.scope, created: 0, ...one })),
    ].filter(fits);
  });
}

/** Whether a list is asked for anything. One that is not leaves out what an account has of its own and nobody took into care. */
function asks(config: ObjectValue): boolean {
  return Object.entries(config).some(
    ([name, value]) => name !== 'region' && value !== null && !isUnknown(value) && !(isList(value) && value.length === 0),
  );
}

function isFiltered({ filter = null }: ObjectValue): boolean {
  return isList(filter) && filter.length > 0;
}

/** One of several matches: the latest where that is asked for or usual, and else terraform's error. */
function pick(call: ResourceCall, target: Target, config: ObjectValue, found: readonly CloudRecord[]): CloudRecord | undefined {
  const latest = config['most_recent'] === true || call.provider.overlay.dataSources?.[call.type]?.latest === true;
  if (found.length < 2 || new Set(found.map((record) => record.id)).size === 1) return found.at(-1);
  if (latest) return [...found].sort((left, right) => date(left) - date(right)).at(-1);
  const [type = ''] = target.types;
  throw new Refusal(
    `reading ${call.type}`,
    `multiple ${type} matched; use additional constraints to reduce matches to a single ${type} (${found.map(({ id }) => id).join(', ')})`,
  );
}

/** A time in milliseconds since 1970 as services write it; what the cloud owns has always been there. */
function dateOf(time: number): string {
  return new Date(time === 0 ? '2026-01-01T00:00:00Z' : time).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** When a resource was made, as it says itself or as the simulation remembers, in milliseconds since 1970. */
function date(record: CloudRecord): number {
  const named = ['creation_date', 'start_time', 'not_before', 'created_date', 'created', 'creation_timestamp', 'created_at']
    .map((name) => Date.parse(String(held(record, name) ?? '')))
    .find((time) => !Number.isNaN(time));
  return named ?? record.created;
}

function fromRecord(call: ResourceCall, target: Target, config: ObjectValue, record: CloudRecord): ObjectValue {
  const attributes = call.schema.block.attributes ?? {};
  const copied = Object.entries(attributes).map(([name, attribute]): [string, Value] => {
    const given = config[name] ?? null;
    const value = given === null ? saidOf(call, target, record, name) : undefined;
    const type = typeOfAttribute(attribute);
    const one: unknown = typeof type === 'string' && type !== 'dynamic' && Array.isArray(value) ? (value[0] ?? null) : value;
    return [name, one === undefined ? given : fromJson(one, type)];
  });
  return { ...config, ...blocksFrom(call.schema.block, config, record), ...Object.fromEntries(copied) };
}

/** Blocks in which a data source is told what to look for and answers what it found: the metadata of an object of Kubernetes. */
function blocksFrom(block: Block, config: ObjectValue, record: CloudRecord): ObjectValue {
  const answered = Object.entries(block.block_types ?? {}).flatMap(([name, nested]): [string, Value][] => {
    const [given, said] = [config[name], record.values[name]];
    if (!isList(given) || !Array.isArray(said)) return [];
    return [[name, given.map((one, index) => (isObject(one) ? elementFrom(nested.block, one, said[index]) : one))]];
  });
  return Object.fromEntries(answered);
}

function elementFrom({ attributes = {} }: Block, given: ObjectValue, said: unknown): ObjectValue {
  const held = new Map(Object.entries(typeof said === 'object' && said !== null ? said : {}));
  const open = Object.entries(attributes).flatMap(([name, attribute]): [string, Value][] =>
    (given[name] ?? null) === null && held.has(name) ? [[name, fromJson(held.get(name), typeOfAttribute(attribute))]] : [],
  );
  return { ...given, ...Object.fromEntries(open) };
}

/**
 * What a resource says of an attribute of its data source: its own, one that the name stands for, what follows from others that it names, or
 * what an association ties to it.
 */
function saidOf(call: ResourceCall, target: Target, record: CloudRecord, name: string): unknown {
  const own = name === 'tags' ? tagsOf(record) : held(record, name);
  if (own !== undefined) return own;
  const related = relatedAttribute(target.types[0] ?? '', target.block, name);
  const said = related === undefined ? undefined : held(record, related);
  if (said !== undefined) return said;
  const follows = call.provider.kind.follows?.(call, target.block, name)?.(record);
  if (follows !== undefined) return follows;
  const tied = tiedValues(call, target, name)?.(record);
  return tied === undefined || tied.length === 0 ? undefined : tied;
}

/** Attributes that a resource has of its own and that nobody gave a value: they are empty, not to be made up. */
function emptyIn(target: Target, record: CloudRecord): ReadonlySet<string> {
  return new Set(Object.keys(target.block.attributes ?? {}).filter((name) => record.values[name] === null));
}

/** What a provider answers for an attribute without a value: nothing, or the zero value of its type. */
function emptyValue(type: Type, emptyText: '' | null): Value {
  if (emptyText === null) return null;
  if (typeof type === 'string') return type === 'string' ? '' : type === 'number' ? 0 : type === 'bool' ? false : null;
  return type[0] === 'map' ? {} : type[0] === 'object' ? null : [];
}

function answers(call: ResourceCall, config: ObjectValue, values: Readonly<Record<string, unknown>>): ObjectValue {
  const random = new RandomStream(`${call.type}:${call.settings.scope}:${JSON.stringify(config)}`);
  const filled: Record<string, Value> = {};
  for (const [name, raw] of Object.entries(values)) {
    const attribute = call.schema.block.attributes?.[name];
    if (attribute === undefined || (config[name] ?? null) !== null) continue;
    const text =
      typeof raw === 'string' ? fillTemplate(raw, { settings: call.settings.values, attributes: { ...config, ...filled }, random }) : raw;
    filled[name] = fromJson(text, typeOfAttribute(attribute));
  }
  return filled;
}

/** A list of texts that no record holds: the names of the resources that name this one (`subnets` of a virtual network), else nothing. */
function namesOfParts(call: ResourceCall, path: string, answered: ObjectValue): Value {
  const { cloud, name: provider, schemas } = call.provider;
  const target = targetOf(call);
  if (target === undefined || target.lists || path.includes('.')) return [];
  const part = singularNames(`${provider}_${path}`).find((type) => schemas.resource(type) !== undefined);
  const end = target.types
    .map((type) => `${type.slice(provider.length + 1)}_name`)
    .find((one) => schemas.resource(part ?? '')?.block.attributes?.[one]);
  if (part === undefined || end === undefined) return [];
  return cloud
    .list(provider, part, call.settings.scope)
    .filter(({ record: { values } }) => values[end] === answered['name'])
    .map(({ record }) => nameOf(record));
}

/** Computed attributes that are still null get stable values; nothing is left unknown. */
function fill(call: ResourceCall, answered: ObjectValue, about?: { readonly target: Target; readonly record: CloudRecord }): ObjectValue {
  const block: Block = call.schema.block;
  const empty = about === undefined ? new Set<string>() : emptyIn(about.target, about.record);
  const random = new RandomStream(`${call.type}:${call.settings.scope}:${JSON.stringify(answered)}`);
  const open = { ...answered };
  for (const [name, attribute] of Object.entries(block.attributes ?? {}))
    if ((open[name] ?? null) === null && attribute.computed === true)
      open[name] = empty.has(name) ? emptyValue(typeOfAttribute(attribute), call.provider.kind.emptyText) : unknown;
  for (const name of Object.keys(block.block_types ?? {})) open[name] ??= null;
  const label = typeof open['name'] === 'string' ? open['name'] : '';
  const scope = {
    random,
    settings: call.settings.values,
    label,
    id: typeof open['id'] === 'string' ? open['id'] : '',
    kind: call.type.slice(call.provider.name.length + 1),
    created: about === undefined ? '2026-01-01T00:00:00Z' : dateOf(about.record.created),
    ...(about === undefined ? {} : { found: true as const }),
  };
  const holdsMany = (type: Type): boolean => typeof type !== 'string' && (type[0] === 'list' || type[0] === 'set');
  return completeState(block, open, (path, type, attribute) =>
    typeof type !== 'string' && holdsMany(type) && (typeof type[1] === 'string' || about !== undefined)
      ? typeof type[1] === 'string'
        ? namesOfParts(call, path, open)
        : []
      : (guessValue(path, type, attribute.optional === true, call.provider.kind.emptyText, scope) ?? unknown),
  );
}
