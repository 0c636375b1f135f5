import { fromJson } from '../protocol/json';
import { isList, unknown, type ObjectValue, type Value } from '../protocol/value';
import { planState, type Predict } from '../plan/plan';
import { typeOfAttribute, type Attribute, type Block } from '../schema/schema';
import { fillTemplate } from '../values/template';
import type { ResourceCall } from './context';
import { valuesOf } from './paths';
import { empty, replacing } from './replacing';

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
  const generic = { ...own, ...filledBlocks(call, config, prior) };
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

/** Blocks that the provider fills in and nobody configured: as they were, or one that only apply knows. */
function filledBlocks(call: ResourceCall, config: ObjectValue, prior: ObjectValue | null): ObjectValue {
  const names = call.provider.overlay.resources[call.type]?.filled ?? [];
  const open = names.filter((name) => empty(valuesOf(config, name)));
  return Object.fromEntries(
    open.flatMap((name): [string, Value][] => {
      const before = prior?.[name] ?? null;
      const block = call.schema.block.block_types?.[name]?.block;
      if (isList(before) && before.length > 0) return [[name, before]];
      return block === undefined ? [] : [[name, [unknownBlock(block)]]];
    }),
  );
}

/** A block of which nothing is known but that it is there. */
function unknownBlock(block: Block): ObjectValue {
  return Object.fromEntries([
    ...Object.entries(block.attributes ?? {}).map(([name, { computed }]): [string, Value] => [name, computed === true ? unknown : null]),
    ...Object.keys(block.block_types ?? {}).map((name): [string, Value] => [name, []]),
  ]);
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
