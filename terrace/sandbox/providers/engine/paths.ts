import { isList, isObject, isUnknown, type ObjectValue, type Value } from '../protocol/value';
import type { Attribute, Block } from '../schema/schema';

/** All values at a dotted path without indices, through lists, sets and maps of objects; unknown ones included. */
export function valuesAt(value: Value | undefined, path: readonly string[]): Value[] {
  if (value === undefined) return [];
  if (path.length === 0) return isList(value) ? [...value] : [value];
  if (isUnknown(value) || value === null) return [value];
  if (isList(value)) return value.flatMap((one) => valuesAt(one, path));
  if (!isObject(value)) return [];
  const [name = '', ...rest] = path;
  return name in value
    ? valuesAt(value[name], rest)
    : Object.values(value)
        .filter(isObject)
        .flatMap((one) => valuesAt(one, path));
}

/** The same for a path as overlays write it: `root_block_device.volume_type`. */
export function valuesOf(attributes: ObjectValue, path: string): Value[] {
  return valuesAt(attributes, path.split('.'));
}

/** Dotted paths of configured attributes that only the provider may set. */
export function configuredComputed(block: Block, config: Value, prefix = ''): string[] {
  if (!isObject(config)) return [];
  const found: string[] = [];
  for (const [name, attribute] of Object.entries(block.attributes ?? {}))
    found.push(...computedIn(attribute, config[name] ?? null, `${prefix}${name}`));
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const value = config[name] ?? null;
    const all = isList(value) ? value : nested.nesting_mode === 'map' && isObject(value) ? Object.values(value) : [value];
    for (const one of all) found.push(...configuredComputed(nested.block, one, `${prefix}${name}.`));
  }
  return [...new Set(found)];
}

function computedIn(attribute: Attribute, value: Value, path: string): string[] {
  if (value === null) return [];
  if (attribute.computed === true && attribute.optional !== true) return [path];
  const nested = attribute.nested_type;
  if (nested === undefined || attribute.computed === true) return [];
  const all = isList(value) ? value : nested.nesting_mode === 'map' && isObject(value) ? Object.values(value) : [value];
  return all.flatMap((one) =>
    isObject(one)
      ? Object.entries(nested.attributes).flatMap(([name, child]) => computedIn(child, one[name] ?? null, `${path}.${name}`))
      : [],
  );
}
