import { isUnknown, unknown, isObject, isList, type ObjectValue, type Value } from '../protocol/value';
import type { Attribute, Block, Type } from '../schema/schema';

/** The value that a computed leaf gets at apply: its path without indices and its type. */
export type Give = (path: string, type: Type, attribute: Attribute, siblings: ObjectValue) => Value;

/** A planned state with every unknown part filled in; what apply answers. */
export function completeState(block: Block, planned: ObjectValue, give: Give, prefix = ''): ObjectValue {
  const state: Record<string, Value> = { ...planned };
  for (const [name, attribute] of Object.entries(block.attributes ?? {}))
    state[name] = completeAttribute(attribute, state[name] ?? null, `${prefix}${name}`, give, state);
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const value = state[name] ?? null;
    const inner = (one: Value): Value => (isObject(one) ? completeState(nested.block, one, give, `${prefix}${name}.`) : one);
    state[name] = isUnknown(value)
      ? emptyBlocks(nested.nesting_mode)
      : isList(value)
        ? value.map(inner)
        : nested.nesting_mode === 'map' && isObject(value)
          ? mapValues(value, inner)
          : inner(value);
  }
  return state;
}

function completeAttribute(attribute: Attribute, value: Value, path: string, give: Give, siblings: ObjectValue): Value {
  if (value === null) return null;
  const nested = attribute.nested_type;
  if (nested === undefined)
    return isUnknown(value)
      ? giveType(attribute.type ?? 'dynamic', attribute, path, give, siblings)
      : fillHoles(value, attribute.type ?? 'dynamic', attribute, path, give, siblings);
  const one = (given: Value): Value => {
    if (!isObject(given)) return given;
    const filled: Record<string, Value> = { ...given };
    for (const [name, child] of Object.entries(nested.attributes))
      filled[name] = completeAttribute(child, filled[name] ?? null, `${path}.${name}`, give, filled);
    return filled;
  };
  if (!isUnknown(value))
    return isList(value) ? value.map(one) : nested.nesting_mode === 'map' && isObject(value) ? mapValues(value, one) : one(value);
  const empty = Object.fromEntries(
    Object.entries(nested.attributes).map(([name, child]) => [name, child.computed === true && child.optional !== true ? unknown : null]),
  );
  if (nested.nesting_mode === 'map') return {};
  if (attribute.optional === true) return nested.nesting_mode === 'single' ? null : [];
  return nested.nesting_mode === 'single' ? one(empty) : [one(empty)];
}

/**
 * A value for an unknown one. Computed-only lists get one element, so that `x[0].y` resolves; optional ones get none.
 */
function giveType(type: Type, attribute: Attribute, path: string, give: Give, siblings: ObjectValue): Value {
  const given = give(path, type, attribute, siblings);
  if (given !== undefined && !isUnknown(given)) return given;
  if (typeof type === 'string') return null;
  if (type[0] === 'map') return {};
  if (type[0] === 'tuple') return [];
  if (type[0] === 'object') return objectOf(type[1], attribute, path, give);
  if (attribute.optional === true) return [];
  const element: Type = type[1];
  if (typeof element !== 'string' && element[0] === 'object') return [objectOf(element[1], attribute, path, give)];
  const one = giveType(element, attribute, path, give, siblings);
  return one === null ? [] : [one];
}

function objectOf(members: Readonly<Record<string, Type>>, attribute: Attribute, path: string, give: Give): ObjectValue {
  const made: Record<string, Value> = {};
  for (const [name, member] of Object.entries(members)) made[name] = giveType(member, attribute, `${path}.${name}`, give, made);
  return made;
}

/** Unknown parts inside a known collection, which a provider may leave only in computed attributes. */
function fillHoles(value: Value, type: Type, attribute: Attribute, path: string, give: Give, siblings: ObjectValue): Value {
  if (isUnknown(value)) return giveType(type, attribute, path, give, siblings);
  if (typeof type === 'string' || value === null) return value;
  if (type[0] === 'object')
    return isObject(value)
      ? Object.fromEntries(
          Object.entries(type[1]).map(([name, member]) => [
            name,
            fillHoles(value[name] ?? null, member, attribute, `${path}.${name}`, give, value),
          ]),
        )
      : value;
  if (type[0] === 'map')
    return isObject(value) ? mapValues(value, (one) => fillHoles(one, type[1], attribute, path, give, siblings)) : value;
  if (type[0] === 'tuple') return value;
  return isList(value) ? value.map((one) => fillHoles(one, type[1], attribute, path, give, siblings)) : value;
}

function emptyBlocks(mode: string): Value {
  return mode === 'single' ? null : mode === 'map' ? {} : [];
}

function mapValues(value: ObjectValue, change: (one: Value) => Value): ObjectValue {
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, change(one)]));
}
