import type { Type } from '../schema/schema';

/** A value that terraform does not know yet; `refinement` is what it knows about it, passed back as it came. */
export class Unknown {
  constructor(readonly refinement?: Uint8Array) {}
}

/** A value in a place that takes any type: it travels with its own. */
export class Dynamic {
  constructor(
    readonly type: Type,
    readonly value: Value,
  ) {}
}

/** Lists, sets and tuples are arrays, maps and objects are records; integers beyond 2^53 are bigints. */
export type Value = null | boolean | number | bigint | string | Unknown | Dynamic | readonly Value[] | { readonly [name: string]: Value };
export type ObjectValue = { readonly [name: string]: Value };

/** What a provider answers for a value it will only know after apply. */
export const unknown = new Unknown();

export function isUnknown(value: Value | undefined): value is Unknown {
  return value instanceof Unknown;
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function isObject(value: Value | undefined): value is ObjectValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unknown) && !(value instanceof Dynamic);
}

/** Whether no part of a value is unknown. */
export function isWhollyKnown(value: Value | undefined): boolean {
  if (value === undefined || value === null || typeof value !== 'object') return true;
  if (value instanceof Unknown) return false;
  if (value instanceof Dynamic) return isWhollyKnown(value.value);
  return (isList(value) ? value : Object.values(value)).every(isWhollyKnown);
}

/** Equality by content; two unknown values are equal. Order counts, also in sets, whose order terraform keeps stable. */
export function sameValue(left: Value | undefined, right: Value | undefined): boolean {
  if (left === right) return true;
  if (
    left === undefined ||
    right === undefined ||
    left === null ||
    right === null ||
    typeof left !== 'object' ||
    typeof right !== 'object'
  ) {
    return (
      typeof left !== 'object' &&
      typeof right !== 'object' &&
      left !== undefined &&
      right !== undefined &&
      String(left) === String(right) &&
      typeof left !== 'string' &&
      typeof right !== 'string'
    );
  }
  if (left instanceof Unknown || right instanceof Unknown) return left instanceof Unknown && right instanceof Unknown;
  if (left instanceof Dynamic || right instanceof Dynamic)
    return left instanceof Dynamic && right instanceof Dynamic && sameValue(left.value, right.value);
  if (isList(left) || isList(right))
    return isList(left) && isList(right) && left.length === right.length && left.every((one, index) => sameValue(one, right[index]));
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => sameValue(left[name], right[name]));
}

/** The text of a string value, undefined for anything else. */
export function textOf(value: Value | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
