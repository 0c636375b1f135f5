import type { CloudKey } from '../cloud/record';
import { fromJson, toJson } from '../protocol/json';
import { isObject, type ObjectValue } from '../protocol/value';
import { typeOfBlock } from '../schema/schema';
import { jsonOf, stateOfRecord } from './applying';
import type { ResourceCall } from './context';
import { withFault } from './fault-striking';
import { Refusal } from './refusal';

/** The state of a resource as the cloud folder has it now; null when it is gone. Edits made there show as drift. */
export async function readResource(
  call: ResourceCall,
  state: ObjectValue,
  key: CloudKey | undefined,
): Promise<{ readonly state: ObjectValue | null; readonly key?: CloudKey }> {
  await withFault(call, 'read', state);
  const behaviour = call.provider.kind.resources[call.type];
  if (call.provider.kind.stateOnly === true) return { state: behaviour?.read === undefined ? state : behaviour.read(call, state) };
  const found = key ?? call.provider.cloud.keyOfId(call.provider.name, call.settings.scope, call.type, String(state['id'] ?? ''));
  const record = call.provider.cloud.read(found);
  if (record === undefined) return { state: null };
  const now = keepSecrets(call, stateOfRecord(call, record), state);
  const read = behaviour?.read === undefined ? now : behaviour.read(call, now);
  return { state: read, key: found };
}

/** Blocks such as `timeouts` are terraform's own: the cloud knows nothing of them. */
function keepSecrets(call: ResourceCall, now: ObjectValue, state: ObjectValue): ObjectValue {
  return call.schema.block.block_types?.['timeouts'] === undefined ? now : { ...now, timeouts: state['timeouts'] ?? null };
}

/** Finds the resource that an import id means: its id, its arn, its name, or an attribute that the overlay lists. */
export function importResource(call: ResourceCall, id: string): { readonly state: ObjectValue; readonly key?: CloudKey } {
  const { cloud, name, overlay, events, kind } = call.provider;
  const wanted = ['id', 'arn', 'name', ...(overlay.resources[call.type]?.importBy ?? [])];
  const candidates = cloud.list(name, call.type, call.settings.scope);
  const found =
    candidates.find(({ record }) => record.id === id) ??
    candidates.find(({ record }) => wanted.some((attribute) => String(record.values[attribute] ?? '') === id)) ??
    candidates.find(({ record }) => wanted.some((path) => path.includes('/') && joined(record.values, path) === id));
  const made = found === undefined ? kind.resources[call.type]?.importState?.(call, id) : undefined;
  if (made !== undefined && made !== null) {
    const complete = fromJson(toJson(made), typeOfBlock(call.schema.block));
    const state = isObject(complete) ? complete : made;
    if (kind.stateOnly === true) return { state };
    const record = {
      version: 1,
      provider: name,
      type: call.type,
      scope: call.settings.scope,
      id: String(made['id'] ?? id),
      created: Date.now(),
      values: jsonOf(state),
    } as const;
    const key = cloud.create(record, false);
    return { state, ...(key === undefined ? {} : { key }) };
  }
  if (found === undefined)
    throw new Refusal(
      'Cannot import non-existent remote object',
      `${call.type} with import ID ${JSON.stringify(id)} does not exist in ${call.settings.scope === '-' ? 'the sandbox' : call.settings.scope}`,
    );
  const value = stateOfRecord(call, found.record);
  events.add({ operation: 'import', type: call.type, id: found.record.id, scope: found.record.scope });
  return { state: isObject(value) ? value : {}, key: found.key };
}

/** `cluster/name` as the values of both attributes joined. */
function joined(values: Readonly<Record<string, unknown>>, path: string): string {
  return path
    .split('/')
    .map((attribute) => String(values[attribute] ?? ''))
    .join('/');
}
