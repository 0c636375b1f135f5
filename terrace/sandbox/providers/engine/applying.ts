import { createHash } from 'node:crypto';

import { fromJson, toJson } from '../protocol/json';
import { isObject, type ObjectValue } from '../protocol/value';
import { typeOfBlock } from '../schema/schema';
import { RandomStream } from '../values/random-stream';
import { fillTemplate } from '../values/template';
import { bringChildren, checkNotOwned } from './children';
import { checkReferences, checkUnblocked, checkUnique } from './checks';
import { checkComplete } from './completeness';
import { complete, textual } from './completing';
import type { ResourceCall } from './context';
import { withFault } from './fault-striking';
import { idTemplate } from './id-template';
import { nameUnnamed } from './naming';
import { Refusal } from './refusal';
import { withStandIns } from './stand-ins';
import type { CloudKey, CloudRecord } from '../cloud/record';

export interface Applied {
  readonly state: ObjectValue | null;
  readonly key?: CloudKey;
  /** What went wrong after the resource was there in part: terraform marks it tainted. */
  readonly failure?: Refusal;
  /** Attributes whose values merely stand in for those of the real service (completing.ts). */
  readonly standIns?: readonly string[];
}

/** Creates a resource: checks it as the real service would, fills in what the provider computes, stores it. */
export async function createResource(call: ResourceCall, wanted: ObjectValue, config: ObjectValue): Promise<Applied> {
  const { cloud, kind, overlay } = call.provider;
  const rules = overlay.resources[call.type];
  const planned = kind.stateOnly === true ? wanted : nameUnnamed(call, wanted);
  const failure = await withFault(call, 'create', planned);
  checkReferences(call, planned);
  checkUnique(call, planned);
  const seed = seedOf(call, planned);
  const made = (await kind.resources[call.type]?.create?.(call, planned, new RandomStream(seed), config)) ?? planned;
  const own = kind.placed?.(call, made) ?? made;
  if (kind.stateOnly === true)
    return {
      ...complete(call, own, new RandomStream(`${seed}:${process.hrtime.bigint()}`)),
      ...(failure === undefined ? {} : { failure }),
    };
  const created = performance.timeOrigin + performance.now();
  for (let attempt = 0, previous: string | undefined; ; attempt++) {
    const random = new RandomStream(`${seed}:${attempt}`);
    const { state, standIns } = complete(call, own, random);
    checkComplete(call, state);
    const id = recordId(state, call, random);
    const bare: CloudRecord = {
      version: 1,
      provider: call.provider.name,
      type: call.type,
      scope: call.settings.scope,
      id,
      created,
      values: jsonOf(state),
    };
    const record = withStandIns(bare, standIns);
    const inTheWay = cloud.keyOfId(record.provider, record.scope, record.type, id);
    if (cloud.read(inTheWay)?.hidden?.['yields'] === true) cloud.forget(inTheWay);
    // An id made of names stays the same at the next attempt: then nothing is gained by another one.
    const settled = id === previous;
    if (settled && rules?.exclusiveId === true && cloud.has(record.provider, record.scope, record.type, id))
      throw new Refusal(`creating ${call.type} (${id})`, 'it already exists');
    const key = cloud.create(record, !settled) ?? (settled ? cloud.createBeside(record) : undefined);
    if (key !== undefined) {
      bringChildren(call, state, key);
      call.provider.events.add({ operation: 'create', type: call.type, id, scope: record.scope });
      return { state, key, standIns, ...(failure === undefined ? {} : { failure }) };
    }
    previous = id;
  }
}

/** Changes a resource in place; refuses when it is no longer there. */
export async function updateResource(
  call: ResourceCall,
  planned: ObjectValue,
  prior: ObjectValue,
  config: ObjectValue,
  key: CloudKey | undefined,
): Promise<Applied> {
  const { cloud, kind } = call.provider;
  if (kind.stateOnly === true)
    return complete(
      call,
      (await kind.resources[call.type]?.update?.(call, planned, prior, config)) ?? planned,
      new RandomStream(seedOf(call, planned)),
    );
  const found = key ?? cloud.keyOfId(call.provider.name, call.settings.scope, call.type, String(prior['id'] ?? ''));
  const record = cloud.read(found);
  if (record === undefined) throw new Refusal(`updating ${call.type} (${String(prior['id'] ?? '')})`, 'it does not exist any more');
  const failure = await withFault(call, 'update', prior);
  checkReferences(call, planned);
  checkUnique(call, planned, found);
  const random = new RandomStream(`${seedOf(call, planned)}:${found}`);
  const changed = (await kind.resources[call.type]?.update?.(call, planned, prior, config)) ?? planned;
  const own = kind.placed?.(call, changed) ?? changed;
  const { state, standIns } = complete(call, own, random);
  checkComplete(call, state);
  cloud.update(found, withStandIns({ ...record, values: jsonOf(state) }, standIns, record));
  bringChildren(call, state, found);
  call.provider.events.add({ operation: 'update', type: call.type, id: record.id, scope: record.scope });
  return { state, key: found, standIns, ...(failure === undefined ? {} : { failure }) };
}

/** Removes a resource; one that is gone already is no error, one that others depend on is. */
export async function deleteResource(call: ResourceCall, prior: ObjectValue, key: CloudKey | undefined): Promise<Applied> {
  const { cloud, kind } = call.provider;
  if (kind.stateOnly === true) {
    await withFault(call, 'delete', prior);
    await kind.resources[call.type]?.remove?.(call, prior);
    return { state: null };
  }
  const found = key ?? cloud.keyOfId(call.provider.name, call.settings.scope, call.type, String(prior['id'] ?? ''));
  const record = cloud.read(found);
  if (record === undefined) return { state: null };
  const failure = await withFault(call, 'delete', prior);
  checkNotOwned(call, record);
  checkUnblocked(call, record.id, found);
  await kind.resources[call.type]?.remove?.(call, prior);
  if (failure !== undefined) return { state: prior, key: found, failure };
  cloud.remove(found);
  call.provider.events.add({ operation: 'delete', type: call.type, id: record.id, scope: record.scope });
  return { state: null };
}

/** The values of a record as its type has them now; people may have edited it. */
export function stateOfRecord(call: ResourceCall, record: CloudRecord): ObjectValue {
  const value = fromJson(record.values, typeOfBlock(call.schema.block));
  return isObject(value) ? value : {};
}

/** The id a record is filed under: the resource's own, else one made of its template. */
export function recordId(state: ObjectValue, call: ResourceCall, random: RandomStream): string {
  const id = textual(state['id']);
  if (id !== undefined && id !== '') return String(id);
  return fillTemplate(idTemplate(call), { settings: call.settings.values, attributes: state, random }) ?? random.hex(16);
}

/** Same type and same plan, same values; equal resources are told apart by trying again. */
function seedOf(call: ResourceCall, planned: ObjectValue): string {
  return createHash('sha256')
    .update(call.type)
    .update(call.settings.scope)
    .update(JSON.stringify(toJson(planned)))
    .digest('hex');
}

/** A state as a record keeps it. */
export function jsonOf(state: ObjectValue): Readonly<Record<string, unknown>> {
  const json = toJson(state);
  return typeof json === 'object' && json !== null ? Object.fromEntries(Object.entries(json)) : {};
}
