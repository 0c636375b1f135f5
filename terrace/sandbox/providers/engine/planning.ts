import { fromJson } from '../protocol/json';
import { isList, isObject, isUnknown, unknown, type ObjectValue, type Value } from '../protocol/value';
import { planState, type Predict } from '../plan/plan';
import { typeOfAttribute, type Attribute, type Block } from '../schema/schema';
import { fillTemplate } from '../values/template';
import type { ResourceCall } from './context';
import { replacing } from './replacing';

export interface PlannedChange {
  readonly state: ObjectValue;
  /** Top-level attributes or blocks whose change replaces the resource. */
  readonly replace: readonly string[];
  /** Whether a provider default stands where the schema has no computed flag, which terraform tolerates of old providers only. */
  readonly legacy: boolean;
}

/** Plans a create (`prior` null) or an update. */
export function planChange(call: ResourceCall, config: ObjectValue, proposed: ObjectValue, prior: ObjectValue | null): PlannedChange {
  const overlay = call.provider.overlay.resources[call.type];
  const own = planState({ block: call.schema.block, config, proposed, prior, predict: predictor(call, proposed) });
  const generic = filledBlocks(call.schema.block, own, config, prior, overlay?.filled ?? []);
  const state = call.provider.kind.resources[call.type]?.plan?.(call, generic, config, prior) ?? generic;
  const replace = prior === null ? [] : replacing(call, prior, state);
  const attributes = call.schema.block.attributes ?? {};
  const legacy =
    overlay?.filled !== undefined ||
    Object.keys(overlay?.defaults ?? {}).some((path) => {
      const [top = ''] = path.split('.');
      return path.includes('.') || attributes[top]?.computed !== true;
    });
  return { state, replace: [...new Set(replace.map((path) => path.split('.')[0] ?? path))], legacy };
}

/** A plan with the blocks that the provider fills in and nobody configured: as they were, or ones that only apply knows. Blocks in blocks too. */
function filledBlocks(
  block: Block,
  planned: ObjectValue,
  config: ObjectValue,
  prior: ObjectValue | null,
  paths: readonly string[],
): ObjectValue {
  const filled = Object.entries(block.block_types ?? {}).flatMap(([name, nested]): [string, Value][] => {
    const [given, before, within] = [blocksOf(config[name]), blocksOf(prior?.[name]), below(paths, name)];
    if (isUnknown(config[name])) return [];
    // What is there already is what the provider reads, a block that it does not have too: only a new one may bring one.
    if (given.length === 0) return paths.includes(name) ? [[name, prior === null ? [unknownBlock(nested.block, within)] : before]] : [];
    // Elements of a set have no places by which they could be told from one another.
    if (within.length === 0 || nested.nesting_mode !== 'list') return [];
    const inner = blocksOf(planned[name]).map((one, index) =>
      filledBlocks(nested.block, one, given[index] ?? {}, before[index] ?? null, within),
    );
    return [[name, inner]];
  });
  return { ...planned, ...Object.fromEntries(filled) };
}

/** A block of which nothing is known but that it is there, and the blocks that it holds. */
function unknownBlock(block: Block, paths: readonly string[]): ObjectValue {
  return Object.fromEntries([
    ...Object.entries(block.attributes ?? {}).map(([name, { computed }]): [string, Value] => [name, computed === true ? unknown : null]),
    ...Object.entries(block.block_types ?? {}).map(([name, nested]): [string, Value] => [
      name,
      paths.includes(name) ? [unknownBlock(nested.block, below(paths, name))] : [],
    ]),
  ]);
}

function below(paths: readonly string[], name: string): readonly string[] {
  return paths.filter((path) => path.startsWith(`${name}.`)).map((path) => path.slice(name.length + 1));
}

function blocksOf(value: Value | undefined): readonly ObjectValue[] {
  return isList(value) ? value.filter(isObject) : [];
}

/** Defaults and what the provider knows of its own; everything else that is computed stays unknown until apply, as in reality. */
function predictor(call: ResourceCall, proposed: ObjectValue): Predict {
  const overlay = call.provider.overlay.resources[call.type];
  const settings = call.settings.values;
  return (path, attribute, siblings) => {
    const fallback = overlay?.defaults?.[path];
    if (fallback !== undefined) return literal(fallback, attribute, { ...proposed, ...siblings }, settings);
    return call.provider.kind.predict?.(path, attribute, proposed, call.settings);
  };
}

/** A literal of the overlay as a value of the attribute's type; a template that is not complete yet gives undefined. */
function literal(
  raw: unknown,
  attribute: Attribute,
  attributes: ObjectValue,
  settings: Readonly<Record<string, string>>,
): Value | undefined {
  if (typeof raw !== 'string') return fromJson(raw, typeOfAttribute(attribute));
  const text = fillTemplate(raw, { settings, attributes });
  return text === undefined ? undefined : fromJson(text, typeOfAttribute(attribute));
}
