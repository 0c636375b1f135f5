import type { Type } from '../schema/schema';
import { guessType } from './msgpack';
import { Dynamic, isList, isObject, Unknown, type Value } from './value';

/**
 * A JSON value made to fit a type: absent members become null, unexpected ones are dropped, scalars are converted where terraform would.
 * Used for states, for entries of the cloud folder that people edit, and for data in the overlay.
 */
export function fromJson(raw: unknown, type: Type): Value {
  if (raw === null || raw === undefined) return null;
  if (type === 'dynamic') return dynamicFromJson(raw);
  if (type === 'string') return typeof raw === 'object' ? JSON.stringify(raw) : String(raw);
  if (type === 'number') return numberFromJson(raw);
  if (type === 'bool') return raw === true || raw === 'true';
  if (type[0] === 'object') {
    const members = entriesOf(raw);
    return members === undefined
      ? null
      : Object.fromEntries(Object.entries(type[1]).map(([name, member]) => [name, fromJson(members[name], member)]));
  }
  if (type[0] === 'map') {
    const members = entriesOf(raw);
    return members === undefined
      ? null
      : Object.fromEntries(Object.entries(members).map(([name, member]) => [name, fromJson(member, type[1])]));
  }
  if (!Array.isArray(raw)) return null;
  const list: readonly unknown[] = raw;
  return type[0] === 'tuple'
    ? list.map((member, index) => fromJson(member, type[1][index] ?? 'dynamic'))
    : list.map((member) => fromJson(member, type[1]));
}

/** The JSON form of a value without unknown parts, as terraform states have it; a dynamic value carries its type. */
export function toJson(value: Value): unknown {
  if (value instanceof Unknown) return null;
  if (value instanceof Dynamic) return { value: toJson(value.value), type: value.type };
  if (typeof value === 'bigint') return value.toString();
  if (isList(value)) return value.map(toJson);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toJson(member)]));
  return value;
}

function numberFromJson(raw: unknown): Value {
  if (typeof raw === 'number') return raw;
  const text = String(raw);
  return /^-?\d{16,}$/.test(text) ? BigInt(text) : Number.isNaN(Number(text)) ? null : Number(text);
}

function dynamicFromJson(raw: unknown): Value {
  const members = entriesOf(raw);
  if (members !== undefined && Object.keys(members).length === 2 && 'value' in members && 'type' in members) {
    const type = members['type'] as Type;
    return new Dynamic(type, fromJson(members['value'], type));
  }
  const value = plain(raw);
  return value === null ? null : new Dynamic(guessType(value), value);
}

function plain(raw: unknown): Value {
  if (raw === null || raw === undefined) return null;
  if (typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean') return raw;
  if (Array.isArray(raw)) return raw.map(plain);
  const members = entriesOf(raw);
  return members === undefined ? null : Object.fromEntries(Object.entries(members).map(([name, member]) => [name, plain(member)]));
}

function entriesOf(raw: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? Object.fromEntries(Object.entries(raw)) : undefined;
}
