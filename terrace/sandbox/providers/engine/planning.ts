import { fromJson } from '../protocol/json';
import { isList, isObject, isUnknown, sameValue, unknown, type ObjectValue, type Value } from '../protocol/value';
import { planState, type Predict } from '../plan/plan';
import { typeOfAttribute, type Attribute, type Block } from '../schema/schema';
import { fillTemplate } from '../values/template';
import type { ResourceCall } from './context';
import { valuesOf } from './paths';

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

/** Paths whose change replaces the resource. What an old state does not have yet, such as the region, is no change. */
function replacing(call: ResourceCall, prior: ObjectValue, state: ObjectValue): string[] {
  const { kind, overlay } = call.provider;
  const {
    forceNew = [],
    forceNewBetween = [],
    forceNewShrinking = [],
    inPlace = {},
    forceNewFrom = {},
  } = overlay.resources[call.type] ?? {};
  const isGiven = (values: ObjectValue, path: string): boolean => !empty(valuesOf(values, path));
  return [
    ...(kind.forceNew ?? []).filter((name) => (prior[name] ?? null) !== null && !sameAt(prior, state, name)),
    ...forceNew.filter((path) => !sameAt(prior, state, path) && !isStep(prior, state, path, inPlace[path])),
    ...Object.keys(forceNewFrom).filter((path) => isStep(prior, state, path, forceNewFrom[path])),
    ...forceNewShrinking.filter((path) => !grows(valuesOf(prior, path)[0], valuesOf(state, path)[0])),
    ...forceNewBetween.flat().filter((path) => isGiven(prior, path) !== isGiven(state, path)),
  ];
}

/** Whether an attribute changes from one value to another that are listed. */
function isStep(
  prior: ObjectValue,
  state: ObjectValue,
  path: string,
  steps: readonly (readonly [string | boolean, string | boolean])[] = [],
): boolean {
  const [before, after] = [valuesOf(prior, path)[0], valuesOf(state, path)[0]];
  return steps.some(([from, to]) => before === from && after === to);
}

/** Whether the second IPv4 block holds the first; what is no block, or not known yet, is taken to. */
function grows(before: Value | undefined, after: Value | undefined): boolean {
  const [inner, outer] = [before, after].map((one) =>
    /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/
      .exec(typeof one === 'string' ? one : '')
      ?.slice(1)
      .map(Number),
  );
  if (inner === undefined || outer === undefined) return true;
  const start = (parts: readonly number[]): number => parts.slice(0, 4).reduce((sum, part) => sum * 256 + part, 0);
  const size = 2 ** (32 - (outer[4] ?? 32));
  return (outer[4] ?? 32) <= (inner[4] ?? 32) && Math.floor(start(inner) / size) === Math.floor(start(outer) / size);
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

function sameAt(left: ObjectValue, right: ObjectValue, path: string): boolean {
  const before = valuesOf(left, path);
  const after = valuesOf(right, path);
  return (
    (before.length === after.length && before.every((value, index) => sameValue(value, after[index]) && !isUnknown(after[index]))) ||
    (empty(before) && empty(after))
  );
}

function empty(values: readonly Value[]): boolean {
  return values.every(
    (value) => value === null || (isList(value) && value.length === 0) || (isObject(value) && Object.keys(value).length === 0),
  );
}
