import { formOfName, usualPrefix } from '../forms/read-forms';
import { isList, isObject, isUnknown, type ObjectValue, type Value } from '../protocol/value';
import type { Block } from '../schema/schema';
import { kubernetesSuffix, uniqueSuffix } from '../values/unique-name';
import type { ResourceCall } from './context';
import { Refusal } from './refusal';

/** A name that the provider makes, and the argument that says how it begins. */
export interface Naming {
  readonly name: string;
  readonly prefix: string;
}

const known = new WeakMap<Block, readonly Naming[]>();

/** Every pair of a computed name and its prefix in a schema: `name` and `name_prefix`, `bucket` and `bucket_prefix`, … */
export function namingsOf(block: Block): readonly Naming[] {
  const found = known.get(block);
  if (found !== undefined) return found;
  const attributes = block.attributes ?? {};
  const namings = Object.keys(attributes).flatMap((prefix) => {
    const name = prefix.replace(/_prefix$/, '');
    const named = attributes[name];
    return name !== prefix && named?.optional === true && named.computed === true ? [{ name, prefix }] : [];
  });
  known.set(block, namings);
  return namings;
}

/**
 * Fills names that the configuration leaves to the provider, before anything is made of them: the prefix, or the provider's usual one where there
 * is none, and a suffix that no other resource has, in this state or in any other. A name that the overlay makes is left to it.
 */
export function nameUnnamed(call: ResourceCall, planned: ObjectValue): ObjectValue {
  const filled: Record<string, Value> = { ...planned };
  const { kind, name: provider, overlay } = call.provider;
  for (const { name, prefix } of namingsOf(call.schema.block)) {
    if (!isUnknown(filled[name]) && filled[name] !== '') continue;
    const given = filled[prefix];
    const begins = typeof given === 'string' && given !== '' ? given : undefined;
    const made = overlay.resources[call.type]?.computed?.[name];
    const usual = /^([^{}]*)\{unique\}$/.exec(typeof made === 'string' ? made : '')?.[1] ?? usualPrefix(provider, call.type);
    if (begins === undefined && made !== undefined && !String(made).endsWith('{unique}')) continue;
    const suffix = begins === undefined ? undefined : kind.nameSuffix?.(begins);
    filled[name] = `${begins ?? usual}${suffix ?? uniqueSuffix()}${isFifo(filled) ? '.fifo' : ''}`;
    // Providers read a prefix that was not given back from the name.
    if (isUnknown(given)) filled[prefix] = usual;
  }
  if (isUnnamed(call, filled)) filled['name'] = `${usualPrefix(provider, call.type)}${uniqueSuffix()}`;
  const metadata = filled['metadata'];
  if (isList(metadata) && metadata.some(isNameless))
    throw new Refusal(
      `creating ${call.type}`,
      'metadata.name: Required value: name or generateName is required (generate_name in terraform)',
      'metadata',
    );
  if (isList(metadata) && metadata.some(isGenerated))
    filled['metadata'] = metadata.map((one) =>
      isGenerated(one) ? { ...one, name: `${String(one['generate_name'])}${kubernetesSuffix()}` } : one,
    );
  return filled;
}

/** Whether a resource has a name that may be left out, without a prefix beside it and without a form of its own: the SDK makes a unique one. */
function isUnnamed({ provider, schema, type }: ResourceCall, filled: ObjectValue): boolean {
  const attribute = schema.block.attributes?.['name'];
  return (
    provider.kind.namesUnnamed === true &&
    isUnknown(filled['name']) &&
    attribute?.optional === true &&
    attribute.computed === true &&
    provider.overlay.resources[type]?.computed?.['name'] === undefined &&
    formOfName(provider.name, type) === undefined
  );
}

/** Queues and topics that keep the order have names that end so (`fifo_queue`, `fifo_topic`). */
function isFifo(planned: ObjectValue): boolean {
  return planned['fifo_queue'] === true || planned['fifo_topic'] === true;
}

/** Metadata of a Kubernetes object that says nothing of a name. */
function isNameless(value: Value): boolean {
  return isObject(value) && isUnknown(value['name']) && (value['generate_name'] ?? '') === '';
}

/** Metadata of a Kubernetes object that leaves its name to the API server. */
function isGenerated(value: Value): value is ObjectValue {
  return isObject(value) && isUnknown(value['name']) && typeof value['generate_name'] === 'string' && value['generate_name'] !== '';
}
