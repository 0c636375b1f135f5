import type { CloudRecord } from '../cloud/record';
import { fromJson } from '../protocol/json';
import { isList, isObject, unknown, type ObjectValue, type Value } from '../protocol/value';
import { completeState } from '../plan/complete';
import { typeOfAttribute, type Block } from '../schema/schema';
import { guessValue } from '../values/guess';
import { RandomStream } from '../values/random-stream';
import { fillTemplate } from '../values/template';
import type { ResourceCall } from './context';
import { Refusal } from './refusal';

/**
 * Answers a data source: by its own behaviour, by the simulated resource that fits its arguments, by the values of the overlay,
 * or with stable made-up values where no resource type stands behind it.
 */
export async function readDataSource(call: ResourceCall, config: ObjectValue): Promise<ObjectValue> {
  const own = call.provider.kind.dataSources[call.type];
  if (own !== undefined) return fill(call, { ...config, ...(await own(call, config)) });
  const rules = call.provider.overlay.dataSources?.[call.type];
  const values = rules?.values === undefined ? {} : answers(call, config, rules.values);
  const type = rules?.finds === undefined ? call.type : rules.finds;
  if (type === null || call.provider.schemas.resource(type) === undefined) return fill(call, { ...config, ...values });
  const found = findRecord(call, type, config);
  if (found !== undefined) return fill(call, { ...fromRecord(call, config, found), ...(rules?.assumed === true ? {} : values) });
  if (rules?.assumed === true || isPlural(call, config)) return fill(call, { ...config, ...values });
  const wanted = Object.entries(config)
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  throw new Refusal(`reading ${type}`, `no matching ${type} found${wanted.length > 0 ? ` with ${wanted.join(', ')}` : ''}`);
}

/** The oldest resource whose attributes equal every argument that is given, tags and filters included. */
function findRecord(call: ResourceCall, type: string, config: ObjectValue): CloudRecord | undefined {
  const { cloud, name } = call.provider;
  return cloud
    .list(name, type, call.settings.scope === '-' ? undefined : call.settings.scope)
    .map(({ record }) => record)
    .find((record) => fits(record, config));
}

function fits(record: CloudRecord, config: ObjectValue): boolean {
  return Object.entries(config).every(([name, wanted]) => {
    if (wanted === null || name === 'region') return true;
    const value = record.values[name];
    if (name === 'filter') return isList(wanted) && wanted.every((filter) => fitsFilter(record, filter));
    if (typeof wanted === 'string' || typeof wanted === 'number')
      return value === undefined
        ? name !== 'id' || record.id === String(wanted)
        : same(value, wanted) || (name === 'id' && record.id === String(wanted));
    if (isObject(wanted) && (name === 'tags' || name === 'labels'))
      return Object.entries(wanted).every(([key, one]) => tagsOf(record)[key] === one);
    return true;
  });
}

function fitsFilter(record: CloudRecord, filter: Value): boolean {
  if (!isObject(filter)) return true;
  const name = String(filter['name'] ?? '').replaceAll('-', '_');
  const wanted = isList(filter['values'] ?? null) ? (filter['values'] as readonly Value[]).map(String) : [String(filter['value'] ?? '')];
  const tag = /^tag:(.*)$/.exec(String(filter['name'] ?? ''))?.[1];
  const value = tag === undefined ? record.values[name] : tagsOf(record)[tag];
  return wanted.some((one) =>
    new RegExp(
      `^${one
        .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    ).test(String(value ?? '')),
  );
}

function tagsOf(record: CloudRecord): Readonly<Record<string, unknown>> {
  const tags = record.values['tags_all'] ?? record.values['tags'] ?? record.values['labels'];
  return typeof tags === 'object' && tags !== null ? Object.fromEntries(Object.entries(tags)) : {};
}

/** Names of cloudflare zones and Route 53 zones differ by a trailing dot only. */
function same(value: unknown, wanted: string | number): boolean {
  return String(value).replace(/\.$/, '') === String(wanted).replace(/\.$/, '');
}

function fromRecord(call: ResourceCall, config: ObjectValue, record: CloudRecord): ObjectValue {
  const attributes = call.schema.block.attributes ?? {};
  const copied = Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => {
      const value = name === 'id' ? (record.values['id'] ?? record.id) : name === 'tags' ? tagsOf(record) : record.values[name];
      return [
        name,
        (config[name] ?? null) === null && value !== undefined ? fromJson(value, typeOfAttribute(attribute)) : (config[name] ?? null),
      ];
    }),
  );
  return { ...config, ...copied };
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

/** A list data source (`aws_subnets`) finds nothing without an error. */
function isPlural(call: ResourceCall, config: ObjectValue): boolean {
  return (call.schema.block.attributes?.['ids'] ?? call.schema.block.attributes?.['arns']) !== undefined && (config['id'] ?? null) === null;
}

/** Computed attributes that are still null get stable values; nothing is left unknown. */
function fill(call: ResourceCall, answered: ObjectValue): ObjectValue {
  const block: Block = call.schema.block;
  const random = new RandomStream(`${call.type}:${call.settings.scope}:${JSON.stringify(answered)}`);
  const open = { ...answered };
  for (const [name, attribute] of Object.entries(block.attributes ?? {}))
    if ((open[name] ?? null) === null && attribute.computed === true) open[name] = unknown;
  for (const name of Object.keys(block.block_types ?? {})) open[name] ??= null;
  const label = typeof open['name'] === 'string' ? open['name'] : '';
  const scope = {
    random,
    settings: call.settings.values,
    label,
    id: typeof open['id'] === 'string' ? open['id'] : '',
    kind: call.type.slice(call.provider.name.length + 1),
    created: '2026-01-01T00:00:00Z',
  };
  return completeState(
    block,
    open,
    (path, type, attribute) => guessValue(path, type, attribute.optional === true, call.provider.kind.emptyText, scope) ?? unknown,
  );
}
