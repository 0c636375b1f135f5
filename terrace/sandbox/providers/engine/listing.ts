import type { CloudRecord } from '../cloud/record';
import { fromJson } from '../protocol/json';
import type { ObjectValue, Value } from '../protocol/value';
import { typeOfAttribute, typeOfBlock, type Type } from '../schema/schema';
import { RandomStream } from '../values/random-stream';
import type { ResourceCall } from './context';
import { held } from './matching';
import { relatedAttribute, relatedList } from './related';
import { Refusal } from './refusal';
import type { Target } from './target';

/** What an overlay says of names that do not tell which attribute they stand for. */
type Selected = Readonly<Record<string, string>> | undefined;

/**
 * What a list data source answers for the resources that it found: each computed list is filled with the attribute of the resources that its
 * name stands for, or with objects of their attributes. Nothing found is an empty list. Refuses to fill a list whose relation is unknown.
 */
export function listRecords(call: ResourceCall, target: Target, config: ObjectValue, records: readonly CloudRecord[]): ObjectValue {
  const answered: Record<string, Value> = { ...config };
  const said = call.provider.overlay.dataSources?.[call.type]?.selects;
  for (const [name, attribute] of Object.entries(call.schema.block.attributes ?? {})) {
    if ((config[name] ?? null) !== null || attribute.computed !== true) continue;
    const type = typeOfAttribute(attribute);
    answered[name] =
      name === 'id'
        ? ownId(call, config, type)
        : name === 'region'
          ? (call.settings.values['region'] ?? null)
          : listed(call, target, name, said, type, records);
  }
  for (const [name, nested] of Object.entries(call.schema.block.block_types ?? {})) {
    const isAnswer = Object.values(nested.block.attributes ?? {}).every((one) => one.computed === true && one.optional !== true);
    answered[name] =
      isAnswer && (config[name] ?? null) === null ? elements(target, typeOfBlock(nested.block), said, records) : (config[name] ?? null);
  }
  return answered;
}

function listed(call: ResourceCall, target: Target, name: string, said: Selected, type: Type, records: readonly CloudRecord[]): Value {
  if (typeof type === 'string')
    return type === 'number' && /^(total|count)/.test(name) ? records.length : common(call, target, name, type, records);
  if (type[0] === 'map') return {};
  if (type[0] === 'object' || type[0] === 'tuple') return null;
  const element = type[1];
  if (typeof element !== 'string') return elements(target, element, said, records);
  if (records.length === 0) return [];
  const [first = ''] = target.types;
  const attribute = said?.[name] ?? relatedList(first, target.block, name);
  if (attribute === '') return [];
  if (attribute === undefined)
    throw new Refusal(
      `reading ${call.type}`,
      `the simulation does not know which attribute of ${first} ${name} lists, and does not invent it`,
      name,
    );
  const found = records.flatMap((record) => {
    const value = held(record, attribute);
    return Array.isArray(value) ? (value as readonly unknown[]) : value === undefined || value === null || value === '' ? [] : [value];
  });
  const values = found.map((one) => fromJson(one, element));
  return type[0] === 'set' ? [...new Set(values)] : values;
}

/** A single value beside the list: what the connection says (`project`), or what all resources have alike (`location`). */
function common(call: ResourceCall, target: Target, name: string, type: Type, records: readonly CloudRecord[]): Value {
  const known = call.settings.values[name];
  if (known !== undefined) return fromJson(known, type);
  const [first = ''] = target.types;
  const attribute = relatedAttribute(first, target.block, name);
  const values = attribute === undefined ? [] : [...new Set(records.map((record) => held(record, attribute)))];
  const [only] = values;
  return values.length === 1 && (typeof only === 'string' || typeof only === 'number') ? fromJson(only, type) : null;
}

/** One object for each resource, of the attributes that have the names of its members or stand for them; others are null. */
function elements(target: Target, element: Type, said: Selected, records: readonly CloudRecord[]): Value {
  if (typeof element === 'string' || element[0] !== 'object') return [];
  const members = Object.entries(element[1]);
  return records.map((record) => {
    const [type = ''] = target.types;
    return Object.fromEntries(
      members.map(([member, shape]) => {
        const own = held(record, member);
        const attribute = said?.[member] ?? (own === undefined ? relatedAttribute(type, target.block, member) : member);
        return [member, attribute === undefined ? null : fromJson(held(record, attribute), shape)];
      }),
    );
  });
}

/** Lists have no id of their own: AWS answers with the region, others with something stable. */
export function ownId(call: ResourceCall, config: ObjectValue, type: Type): Value {
  const random = new RandomStream(`${call.type}:${call.settings.scope}:${JSON.stringify(config)}`);
  return fromJson(type === 'number' ? random.digits(8) : (call.settings.values['region'] ?? random.hex(16)), type);
}
