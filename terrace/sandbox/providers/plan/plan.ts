import { isList, isObject, isUnknown, sameValue, unknown, type ObjectValue, type Value } from '../protocol/value';
import type { Attribute, Block, NestedBlock, NestingMode } from '../schema/schema';

/** A known value for a computed attribute before apply, by its path without indices (`root_block_device.volume_type`); undefined: only apply knows. */
export type Predict = (path: string, attribute: Attribute, siblings: ObjectValue) => Value | undefined;

export interface PlanInput {
  readonly block: Block;
  readonly config: ObjectValue;
  /** Terraform's merge of configuration and prior state. */
  readonly proposed: ObjectValue;
  readonly prior: ObjectValue | null;
  readonly predict: Predict;
}

/**
 * The state that a create or update will lead to: what is configured stays, what the provider computes is unknown
 * unless it is predicted or was already there. Pure; holds to the rules that terraform checks every plan against.
 */
export function planState(input: PlanInput): ObjectValue {
  return planBlock(input.block, input.config, input.proposed, input.prior, '', input.predict);
}

function planBlock(block: Block, config: Value, proposed: ObjectValue, prior: Value, prefix: string, predict: Predict): ObjectValue {
  const planned: Record<string, Value> = {};
  const configured = isObject(config) ? config : {};
  const before = isObject(prior) ? prior : null;
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    planned[name] = planAttribute(attribute, configured[name] ?? null, proposed, name, before, prefix, predict, false);
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    planned[name] = planNestedBlock(
      nested,
      configured[name] ?? null,
      proposed[name] ?? null,
      before?.[name] ?? null,
      `${prefix}${name}.`,
      predict,
    );
  }
  return planned;
}

function planAttribute(
  attribute: Attribute,
  config: Value,
  proposed: ObjectValue,
  name: string,
  before: ObjectValue | null,
  prefix: string,
  predict: Predict,
  parentComputed: boolean,
): Value {
  if (attribute.write_only === true) return null;
  const value = proposed[name] ?? null;
  if (config !== null) {
    const nested = attribute.nested_type;
    if (nested === undefined || isUnknown(value) || value === null) return value;
    const inner = (one: ObjectValue, was: Value, given: Value): ObjectValue =>
      Object.fromEntries(
        Object.entries(nested.attributes).map(([child, schema]) => [
          child,
          planAttribute(
            schema,
            (isObject(given) ? given[child] : null) ?? null,
            one,
            child,
            isObject(was) ? was : null,
            `${prefix}${name}.`,
            predict,
            attribute.computed === true,
          ),
        ]),
      );
    return mapNested(nested.nesting_mode, value, before?.[name] ?? null, config, inner);
  }
  if (attribute.computed !== true && attribute.optional !== true) return value;
  const predicted = predict(`${prefix}${name}`, attribute, proposed);
  if (predicted !== undefined) return predicted;
  if (attribute.computed !== true) return value;
  if (value !== null) return value;
  // Terraform merges what was there before, except in elements of a set that hold a set themselves.
  if (before !== null && name in before) return before[name] ?? null;
  // Bindings mark every child of a computed attribute computed: an optional one may in truth never be set by the provider.
  return parentComputed && attribute.optional === true ? null : unknown;
}

function planNestedBlock(nested: NestedBlock, config: Value, proposed: Value, prior: Value, prefix: string, predict: Predict): Value {
  return mapNested(nested.nesting_mode, proposed, prior, config, (one, was, given) =>
    planBlock(nested.block, given, one, was, prefix, predict),
  );
}

/** Applies a function to each object of a nested value, with the object that it was before and the one that was configured. */
export function mapNested(
  mode: NestingMode,
  value: Value,
  prior: Value,
  config: Value,
  change: (one: ObjectValue, was: Value, given: Value) => ObjectValue,
): Value {
  if (mode === 'single') return isObject(value) ? change(value, prior, config) : value;
  if (isList(value)) {
    const before = isList(prior) ? prior : [];
    const given = isList(config) ? config : [];
    return value.map((one, index) => {
      if (!isObject(one)) return one;
      return change(
        one,
        mode === 'set' ? counterpart(one, before) : (before[index] ?? null),
        mode === 'set' ? counterpart(one, given) : (given[index] ?? null),
      );
    });
  }
  if (mode === 'map' && isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [
        key,
        isObject(one) ? change(one, isObject(prior) ? (prior[key] ?? null) : null, isObject(config) ? (config[key] ?? null) : null) : one,
      ]),
    );
  }
  return value;
}

/** The element of a set that agrees with another wherever both say something. */
function counterpart(one: ObjectValue, others: readonly Value[]): Value {
  return others.find((other) => isObject(other) && agrees(one, other)) ?? null;
}

function agrees(left: Value | undefined, right: Value | undefined): boolean {
  if (left === null || right === null || left === undefined || right === undefined || isUnknown(left) || isUnknown(right)) return true;
  if (isObject(left) && isObject(right)) return Object.keys(left).every((name) => agrees(left[name], right[name]));
  if (isList(left) && isList(right)) return left.length === right.length && left.every((one, index) => agrees(one, right[index]));
  return sameValue(left, right);
}
