import { isObject, type Json } from '../../base/json';

/** A step into a value: the name of a member or the index of an element. */
export type Step = string | number;

/** A value that holds no others, and where it stands. */
export interface Leaf {
  readonly path: readonly Step[];
  /** Name of the nearest member above it: what it is called. */
  readonly name: string;
  readonly value: string | number;
}

/** Texts and numbers of a value, in its order. */
export function leavesOf(value: unknown, path: readonly Step[] = [], name = ''): readonly Leaf[] {
  if (typeof value === 'string' || typeof value === 'number') return [{ path, name, value }];
  if (Array.isArray(value)) return value.flatMap((one, index) => leavesOf(one, [...path, index], name));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([member, one]) => leavesOf(one, [...path, member], member));
}

/** True where a path is one of these, or lies below one; a dotted name of a schema has no indices. */
export function isBelow(path: readonly Step[], marks: Marks): boolean {
  return (
    marks.paths.some((mark) => mark.length <= path.length && mark.every((step, index) => String(step) === String(path[index]))) ||
    (marks.names.size > 0 && prefixesOf(path).some((name) => marks.names.has(name)))
  );
}

/** What is marked as sensitive in one resource. */
export interface Marks {
  readonly paths: readonly (readonly Step[])[];
  /** Dotted names of attributes, without indices: what a schema says of the type. */
  readonly names: ReadonlySet<string>;
}

/** The paths that a state lists as `sensitive_attributes`. */
export function markedPaths(raw: unknown): readonly (readonly Step[])[] {
  if (!Array.isArray(raw)) return [];
  return raw.flatMap((one: unknown) => (Array.isArray(one) ? [one.flatMap(stepOf)] : []));
}

function stepOf(step: unknown): readonly Step[] {
  if (!isObject(step)) return [];
  const value: unknown = step['value'];
  const inner: unknown = isObject(value) ? value['value'] : value;
  return typeof inner === 'string' || typeof inner === 'number' ? [inner] : [];
}

function prefixesOf(path: readonly Step[]): readonly string[] {
  const names = path.filter((step) => typeof step === 'string');
  return names.map((_, index) => names.slice(0, index + 1).join('.'));
}

/** A JSON document in a text; undefined for any other text. */
export function documentIn(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const parsed: Json = JSON.parse(text);
    return parsed;
  } catch {
    return undefined;
  }
}
