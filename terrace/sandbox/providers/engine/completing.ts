import { addressesOf, formOfName } from '../forms/read-forms';
import { completeState } from '../plan/complete';
import { fromJson } from '../protocol/json';
import { isUnknown, unknown, type ObjectValue, type Value } from '../protocol/value';
import { typeOfAttribute } from '../schema/schema';
import { guessValue, type GuessScope } from '../values/guess';
import type { RandomStream } from '../values/random-stream';
import { attributesIn, fillTemplate, type TemplateScope } from '../values/template';
import { nameOfChild } from './children';
import type { ResourceCall } from './context';
import { idTemplate, isIdUnknown } from './id-template';

/** A resource with every part known. */
export interface Completed {
  readonly state: ObjectValue;
  /**
   * What follows from nothing, values that merely stand in for those of the real service: names of attributes, dotted where they are in a block
   * (without indices).
   */
  readonly standIns: readonly string[];
}

/** Fills every unknown part: first the id, then what the overlay makes of it, then the rest. */
export function complete(call: ResourceCall, planned: ObjectValue, random: RandomStream): Completed {
  const standIns = new Set<string>();
  const { kind, overlay, name } = call.provider;
  const rules = overlay.resources[call.type];
  const attributes = call.schema.block.attributes ?? {};
  const filled: Record<string, Value> = { ...planned };
  if (isUnknown(filled['id']) && isIdUnknown(call)) standIns.add('id');
  const fill = (path: string, raw: unknown): void => {
    const attribute = attributes[path];
    if (attribute === undefined || !isUnknown(filled[path])) return;
    const text = filledIn(raw, { settings: call.settings.values, attributes: filled, random });
    if (text !== undefined) filled[path] = fromJson(text, typeOfAttribute(attribute));
  };
  const scopeOf = (): GuessScope => ({
    random,
    settings: call.settings.values,
    label: String(textual(filled['name']) ?? textual(filled['id']) ?? ''),
    id: String(textual(filled['id']) ?? ''),
    kind: call.type.slice(name.length + 1),
    created: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    standIn: (path) => {
      const [top = path] = path.split('.');
      const attribute = attributes[top];
      // What is made up as a whole is told of as a whole.
      standIns.add(attribute?.computed === true && attribute.optional !== true ? top : path);
    },
    ...(kind.idOf === undefined ? {} : { idOf: kind.idOf }),
  });
  const told: Readonly<Record<string, unknown>> = { ...addressesOf(name, call.type), ...rules?.computed };
  const order = Object.entries(told);
  // Values may be made of one another, in any order.
  const templates = [['name', formOfName(name, call.type)] as const, ['id', idTemplate(call)] as const, ...order];
  for (let pass = 0; pass < 3; pass++) templates.forEach(([path, raw]) => fill(path, raw));
  // What an id or ARN is made of and nobody said comes before them: a trigger's own id, the catalog of an account.
  for (const part of templates.flatMap(([path, raw]) => (isUnknown(filled[path]) && typeof raw === 'string' ? attributesIn(raw) : []))) {
    const attribute = attributes[part];
    if (attribute === undefined || attribute.computed !== true || !isUnknown(filled[part]) || part === 'id' || part === 'arn') continue;
    const own = kind.computed?.(part, call.type, { ...filled });
    if (own !== undefined) fill(part, own);
    if (isUnknown(filled[part])) filled[part] = guessValue(part, typeOfAttribute(attribute), false, kind.emptyText, scopeOf()) ?? unknown;
  }
  for (let pass = 0; pass < 2; pass++) templates.forEach(([path, raw]) => fill(path, raw));
  for (const path of Object.keys(attributes)) {
    if (!isUnknown(filled[path]) || told[path] !== undefined) continue;
    const own = kind.computed?.(path, call.type, { ...filled });
    if (own !== undefined) fill(path, own);
  }
  const scope = scopeOf();
  const state = completeState(call.schema.block, filled, (path, type, attribute, siblings) => {
    const raw = told[path] ?? rules?.defaults?.[path] ?? (type === 'string' ? nameOfChild(call, path) : undefined);
    if (raw !== undefined)
      return fromJson(
        filledIn(raw, { settings: call.settings.values, attributes: { ...filled, ...known(siblings) }, random }) ?? null,
        type,
      );
    return guessValue(path, type, attribute.optional === true, kind.emptyText, scope) ?? unknown;
  });
  return { state, standIns: [...standIns].sort() };
}

/** A literal, or what its templates give, those in lists and objects too; undefined while one of them is not known. */
function filledIn(raw: unknown, scope: TemplateScope): unknown {
  if (typeof raw === 'string') return fillTemplate(raw, scope);
  if (typeof raw !== 'object' || raw === null) return raw;
  const members = Object.entries(raw).map(([name, one]): [string, unknown] => [name, filledIn(one, scope)]);
  if (members.some(([, one]) => one === undefined)) return undefined;
  return Array.isArray(raw) ? members.map(([, one]) => one) : Object.fromEntries(members);
}

/** Members of a nested object that already have a value; the others are looked up in the resource itself. */
function known(siblings: ObjectValue): ObjectValue {
  return Object.fromEntries(Object.entries(siblings).filter(([, value]) => value !== null && !isUnknown(value)));
}

/** A text or number; undefined for everything else. */
export function textual(value: Value | undefined): Value | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}
