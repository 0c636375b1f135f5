import { isObject } from '../../base/json';
import { invalid } from './dynamodb-error';

/** A value as DynamoDB's JSON writes it: one type letter and the content. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: boolean }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Item };

export type Item = Readonly<{ [name: string]: AttributeValue }>;

export type AttributeType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'SS' | 'NS' | 'BS' | 'L' | 'M';

const types: readonly AttributeType[] = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'];

/** Type letter of a value. */
export function typeOf(value: AttributeValue): AttributeType {
  const found = types.find((type) => type in value);
  if (found === undefined) throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  return found;
}

/** Reads a value out of a request. Throws DynamodbError ValidationException for anything else. */
function readValue(source: unknown): AttributeValue {
  if (!isObject(source)) throw invalid('Supplied AttributeValue is not an object');
  const keys = Object.keys(source);
  const type = types.find((one) => one === keys[0]);
  if (keys.length !== 1 || type === undefined)
    throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  const content = source[type];
  switch (type) {
    case 'S':
      if (typeof content === 'string') return { S: content };
      break;
    case 'N':
      if (typeof content === 'string' && content.trim() !== '' && Number.isFinite(Number(content))) return { N: content };
      break;
    case 'B':
      if (typeof content === 'string') return { B: content };
      break;
    case 'BOOL':
      if (typeof content === 'boolean') return { BOOL: content };
      break;
    case 'NULL':
      if (content === true) return { NULL: true };
      break;
    case 'L':
      if (Array.isArray(content)) return { L: content.map(readValue) };
      break;
    case 'M':
      return { M: readItem(content) };
    default: {
      const set = Array.isArray(content) ? content.map(String) : [];
      if (set.length > 0 && new Set(set).size === set.length)
        return type === 'SS' ? { SS: set } : type === 'NS' ? { NS: set } : { BS: set };
    }
  }
  throw invalid(`The parameter cannot be converted to a ${type} value: ${JSON.stringify(content)}`);
}

/** Reads an item out of a request; undefined counts as empty. */
export function readItem(source: unknown): Item {
  if (source === undefined) return {};
  if (!isObject(source)) throw invalid('Expected a map of attribute values');
  return Object.fromEntries(Object.entries(source).map(([name, value]) => [name, readValue(value)] as const));
}

/** True for equal type and content; sets have no order, numbers are compared as numbers. */
export function equal(left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  return left !== undefined && right !== undefined && canonical(left) === canonical(right);
}

/** Text that equal values share, and that no others do. */
export function canonical(value: AttributeValue): string {
  if ('N' in value) return `N:${Number(value.N)}`;
  if ('SS' in value) return `SS:${JSON.stringify([...value.SS].sort())}`;
  if ('NS' in value) return `NS:${JSON.stringify(value.NS.map(Number).sort((a, b) => a - b))}`;
  if ('BS' in value) return `BS:${JSON.stringify([...value.BS].sort())}`;
  if ('L' in value) return `L:[${value.L.map(canonical).join(',')}]`;
  if ('M' in value) {
    const entries = Object.entries(value.M).sort(([a], [b]) => (a < b ? -1 : 1));
    return `M:{${entries.map(([name, one]) => `${JSON.stringify(name)}=${canonical(one)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Negative, zero or positive; undefined where the types differ or have no order. */
export function compare(left: AttributeValue | undefined, right: AttributeValue | undefined): number | undefined {
  if (left === undefined || right === undefined) return undefined;
  if ('N' in left && 'N' in right) return Number(left.N) - Number(right.N);
  if ('S' in left && 'S' in right) return Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
  if ('B' in left && 'B' in right) return Buffer.compare(Buffer.from(left.B, 'base64'), Buffer.from(right.B, 'base64'));
  return undefined;
}
