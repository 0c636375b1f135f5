import { childrenOf, type CloudKey, type CloudRecord } from '../cloud/record';
import type { OverlayChild } from '../overlay/overlay';
import type { ObjectValue } from '../protocol/value';
import { fillTemplate } from '../values/template';
import { RandomStream } from '../values/random-stream';
import type { Born, Brought, ResourceCall } from './context';
import { formOfChild } from './id-template';
import { valuesOf } from './paths';
import { Refusal } from './refusal';

/**
 * Makes what a resource brings with it: each attribute that names a thing of another type which nobody made is the name of a child. Children
 * remember whose they are; those that the resource no longer names are gone. Called after every create and update.
 */
export function bringChildren(call: ResourceCall, state: ObjectValue, key: CloudKey): void {
  const { cloud, name, kind, overlay } = call.provider;
  const wanted = new Set<CloudKey>();
  for (const own of kind.resources[call.type]?.brings?.(call, state) ?? []) {
    const record = recordOf(call, own, key);
    cloud.create(record, false);
    wanted.add(cloud.keyOfId(name, record.scope, record.type, record.id));
  }
  for (const born of [...(overlay.resources[call.type]?.children ?? []).map(fromOverlay), ...(kind.born ?? [])]) {
    if (born.of?.test(call.type) === false || born.type === call.type) continue;
    for (const path of pathsOf(state, born.path))
      for (const value of valuesOf(state, path)) {
        if (typeof value !== 'string' || value === '') continue;
        const record = child(call, born, state, value, key);
        const at = cloud.keyOfId(name, record.scope, record.type, record.id);
        const there = cloud.read(at);
        if (there === undefined) cloud.create(record, false);
        if (there === undefined || there.hidden?.['owner'] === key) wanted.add(at);
      }
  }
  const parent = cloud.read(key);
  const before = parent === undefined ? [] : childrenOf(parent);
  if (parent === undefined || (before.length === wanted.size && before.every((at) => wanted.has(at)))) return;
  for (const at of before) if (!wanted.has(at)) cloud.remove(at);
  cloud.update(key, { ...parent, hidden: { ...parent.hidden, children: [...wanted] } });
}

/** Refuses to delete alone what belongs to another resource. */
export function checkNotOwned(call: ResourceCall, record: CloudRecord): void {
  const owner = record.hidden?.['owner'];
  const parent = typeof owner === 'string' ? call.provider.cloud.read(owner) : undefined;
  if (parent !== undefined)
    throw new Refusal(`deleting ${record.type} (${record.id})`, `it belongs to ${parent.type} ${parent.id}, and is deleted with it only`);
}

function child(call: ResourceCall, born: Born, state: ObjectValue, value: string, owner: CloudKey): CloudRecord {
  const random = new RandomStream(`${owner}:${born.type}:${value}`);
  const scope = { settings: call.settings.values, attributes: { ...state, child: value }, random };
  const given = Object.fromEntries(
    Object.entries(born.values ?? {}).map(([path, raw]) => [path, typeof raw === 'string' ? (fillTemplate(raw, scope) ?? null) : raw]),
  );
  const held = born.holds ?? 'id';
  const id = String(given['id'] ?? value);
  return recordOf(call, { type: born.type, id, values: { [held]: value, ...given }, hidden: born.hidden }, owner);
}

function recordOf(call: ResourceCall, { type, id, values, hidden, scope }: Brought, owner: CloudKey): CloudRecord {
  const attributes = call.provider.schemas.resource(type)?.block.attributes ?? {};
  const region = attributes['region'] === undefined || call.provider.name !== 'aws' ? {} : { region: call.settings.values['region'] };
  return {
    version: 1,
    provider: call.provider.name,
    type,
    scope: scope ?? call.settings.scope,
    id,
    created: performance.timeOrigin + performance.now(),
    values: { ...region, ...(attributes['tags_all'] === undefined ? {} : { tags_all: {} }), id, ...values },
    hidden: { ...hidden, owner },
  };
}

/** Dotted paths of a state that fit a pattern: blocks and lists of objects are gone through. */
function pathsOf(state: unknown, pattern: RegExp, prefix = '', depth = 0): string[] {
  if (Array.isArray(state)) return [...new Set(state.flatMap((one) => pathsOf(one, pattern, prefix, depth)))];
  if (typeof state !== 'object' || state === null || depth > 3) return [];
  return Object.entries(state).flatMap(([name, value]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    return [...(pattern.test(path) ? [path] : []), ...(typeof value === 'object' ? pathsOf(value, pattern, path, depth + 1) : [])];
  });
}

/** The value of an attribute that names a child which is still to be made; undefined where the attribute names none. */
export function nameOfChild(call: ResourceCall, path: string): string | undefined {
  const born = call.provider.kind.born?.find(({ path: pattern, of }) => pattern.test(path) && of?.test(call.type) !== false);
  return born === undefined || born.type === call.type ? undefined : (born.form ?? formOfChild(call.provider, born.type));
}

function fromOverlay({ named, ...child }: OverlayChild): Born {
  return { ...child, path: new RegExp(`^${named.replaceAll('.', '\\.')}$`) };
}
