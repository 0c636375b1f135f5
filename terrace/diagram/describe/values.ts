import { isObject, type Json, type JsonObject } from '../read/configuration';

/** A value as a list: itself where it is one, of one where it is not, empty where there is none. */
export function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The blocks at a way of keys: a block may stand alone or in a list at every step. */
export function blocksAt(body: JsonObject, ...way: readonly string[]): readonly JsonObject[] {
  return way.reduce<readonly JsonObject[]>((blocks, key) => blocks.flatMap((block) => listOf(block[key]).filter(isObject)), [body]);
}

/** The texts at an attribute, numbers among them; expressions stay as they are written. */
export function textsAt(block: JsonObject, ...names: readonly string[]): readonly string[] {
  return names.flatMap((name) =>
    listOf(block[name]).flatMap((one) => (typeof one === 'string' ? [one] : typeof one === 'number' ? [String(one)] : [])),
  );
}
