import { isList, isObject, type ObjectValue, type Value } from '../../protocol/value';

/** Texts of a list argument. */
export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** A text argument, or undefined. */
export function given(value: Value | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Names and wanted values of `filter` blocks. */
export function filtersOf(config: ObjectValue): { readonly name: string; readonly values: readonly string[] }[] {
  const blocks = config['filter'] ?? null;
  return (isList(blocks) ? blocks : [])
    .filter(isObject)
    .map((one) => ({ name: String(one['name'] ?? ''), values: strings(one['values']) }));
}
