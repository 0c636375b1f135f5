/** The key that makes an object a mark; a key of a real map that begins so gets a `'` at its end. */
export const markKey = 'terrace:mark';

/**
 * Stands for a value that is not known before apply, or that must not be seen.
 * The digest of a sensitive value says only whether two are equal; it is keyed, and never rendered.
 */
export interface Mark {
  readonly [markKey]: 'unknown' | 'sensitive';
  /** Absent where a sensitive value is not known yet. */
  readonly digest?: string;
}

/** A value of a plan without anything secret in it. */
export type ShownValue = null | boolean | number | string | Mark | ShownList | ShownObject;
export type ShownList = readonly ShownValue[];
export interface ShownObject {
  readonly [key: string]: ShownValue;
}

export const unknown: Mark = { [markKey]: 'unknown' };

export function isMark(value: ShownValue | undefined): value is Mark {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && markKey in value;
}

export function isUnknown(value: ShownValue | undefined): boolean {
  return isMark(value) && (value[markKey] === 'unknown' || value.digest === undefined);
}

export function isSensitive(value: ShownValue | undefined): boolean {
  return isMark(value) && value[markKey] === 'sensitive';
}

export function isList(value: ShownValue | undefined): value is ShownList {
  return Array.isArray(value);
}

/** A map or nested block, no mark. */
export function isMap(value: ShownValue | undefined): value is ShownObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(markKey in value);
}

/** The value's text with sorted keys: equal exactly where the values are. Two unknowns are not distinguished. */
export function canonicalText(value: ShownValue): string {
  if (isList(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value as ShownObject).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalText(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Equality of shown values; two unknown values are never known to be equal. */
export function sameValue(a: ShownValue | undefined, b: ShownValue | undefined): boolean {
  if (a === b) return !isUnknown(a);
  if (a === undefined || b === undefined || isUnknown(a) || isUnknown(b)) return false;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  if (isMark(a)) return isMark(b) && a.digest === b.digest;
  if (isMap(a)) {
    if (!isMap(b)) return false;
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]));
  }
  return false;
}

/** The value below a path, undefined where there is none. */
export function at(value: ShownValue | undefined, ...path: readonly (string | number)[]): ShownValue | undefined {
  let found = value;
  for (const step of path) {
    if (typeof step === 'number') found = isList(found) ? found[step] : undefined;
    else found = isMap(found) && Object.hasOwn(found, step) ? found[step] : undefined;
  }
  return found;
}

/** The items of a list; a single block counts as a list of one, anything else as none. */
export function items(value: ShownValue | undefined): ShownList {
  if (isList(value)) return value;
  return isMap(value) ? [value] : [];
}

/** The strings in a list, or the string itself. */
export function texts(value: ShownValue | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : items(value).filter((item) => typeof item === 'string');
}
