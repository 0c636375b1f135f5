import { Decoder, Encoder, ExtData, ExtensionCodec } from '@msgpack/msgpack';

import type { Type } from '../schema/schema';
import { Dynamic, isList, isObject, Unknown, unknown, type Value } from './value';

const bare = 0;
const refined = 12;

const extensions = new ExtensionCodec();
extensions.register({ type: bare, encode: () => null, decode: () => unknown });
extensions.register({ type: refined, encode: () => null, decode: (data) => new Unknown(data) });
const decoder = new Decoder({ extensionCodec: extensions, useBigInt64: true });
const encoder = new Encoder();

/** Reads a value of a known type from terraform's msgpack form. */
export function decodeValue(bytes: Uint8Array, type: Type): Value {
  return read(decoder.decode(bytes), type);
}

/** Writes a value in terraform's msgpack form. Numbers go as strings: as msgpack integers they show up as drift in a refresh-only plan. */
export function encodeValue(value: Value, type: Type): Uint8Array {
  return encoder.encode(write(value, type));
}

function read(raw: unknown, type: Type): Value {
  if (raw === null || raw === undefined) return null;
  if (raw instanceof Unknown) return raw;
  if (type === 'number') return readNumber(raw);
  if (type === 'string' || type === 'bool') return typeof raw === 'string' || typeof raw === 'boolean' ? raw : String(raw);
  if (type === 'dynamic') return readDynamic(raw);
  if (type[0] === 'object') return mapObject(raw, (value, name) => read(value, type[1][name] ?? 'dynamic'));
  if (type[0] === 'map') return mapObject(raw, (value) => read(value, type[1]));
  if (type[0] === 'tuple') return Array.isArray(raw) ? raw.map((value, index) => read(value, type[1][index] ?? 'dynamic')) : null;
  return Array.isArray(raw) ? raw.map((value) => read(value, type[1])) : null;
}

function readDynamic(raw: unknown): Value {
  if (!Array.isArray(raw) || !(raw[0] instanceof Uint8Array)) return null;
  const type = JSON.parse(Buffer.from(raw[0]).toString('utf8')) as Type;
  return new Dynamic(type, read(raw[1], type));
}

function readNumber(raw: unknown): Value {
  if (typeof raw === 'number') return raw;
  if (typeof raw === 'bigint') return Number.isSafeInteger(Number(raw)) ? Number(raw) : raw;
  const text = String(raw);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(Number(text)) ? BigInt(text) : Number(text);
}

function mapObject(raw: unknown, convert: (value: unknown, name: string) => Value): Value {
  if (typeof raw !== 'object' || raw === null) return null;
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, convert(value, name)]));
}

function write(value: Value | undefined, type: Type): unknown {
  if (value === null || value === undefined) return null;
  if (value instanceof Unknown)
    return value.refinement === undefined ? new ExtData(bare, new Uint8Array(1)) : new ExtData(refined, value.refinement);
  if (type === 'dynamic') return writeDynamic(value);
  if (value instanceof Dynamic) return write(value.value, type);
  if (type === 'number') return typeof value === 'string' ? value : plainNumber(Number(value), value);
  if (type === 'string') return typeof value === 'string' ? value : String(value);
  if (type === 'bool') return value === true || value === 'true';
  if (type[0] === 'object')
    return isObject(value) ? Object.fromEntries(Object.entries(type[1]).map(([name, member]) => [name, write(value[name], member)])) : null;
  if (type[0] === 'map')
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, write(member, type[1])])) : null;
  if (!isList(value)) return null;
  return type[0] === 'tuple'
    ? value.map((member, index) => write(member, type[1][index] ?? 'dynamic'))
    : value.map((member) => write(member, type[1]));
}

function plainNumber(number: number, original: Value): string {
  return typeof original === 'bigint' ? original.toString() : String(number);
}

function writeDynamic(value: Value): unknown {
  const dynamic = value instanceof Dynamic ? value : new Dynamic(guessType(value), value);
  return [Buffer.from(JSON.stringify(dynamic.type)), write(dynamic.value, dynamic.type)];
}

/** The type that a bare JSON value has in terraform: arrays are tuples, records are objects. */
export function guessType(value: Value): Type {
  if (value instanceof Dynamic) return value.type;
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  if (isList(value)) return ['tuple', value.map(guessType)];
  if (isObject(value)) return ['object', Object.fromEntries(Object.entries(value).map(([name, member]) => [name, guessType(member)]))];
  return 'dynamic';
}
