import { fromJson } from '../protocol/json';
import { isObject, type ObjectValue } from '../protocol/value';
import { typeOfBlock } from '../schema/schema';
import { RandomStream } from '../values/random-stream';
import type { CloudKey } from '../cloud/record';
import { jsonOf, recordId } from './applying';
import { bringChildren } from './children';
import type { ResourceCall } from './context';
import { Refusal } from './refusal';

/** A resource that was put into the cloud as it is. */
export interface Placed {
  readonly call: ResourceCall;
  readonly state: ObjectValue;
  /** Absent for resources that exist in states alone. */
  readonly key?: CloudKey;
}

/**
 * Puts a resource into the cloud as somebody else made it long ago: nothing is computed, nothing is checked. What the schema does not know is
 * dropped. {@link settle} does the rest when everything is in its place.
 */
export function place(call: ResourceCall, attributes: unknown, created: number): Placed {
  const value = fromJson(attributes, typeOfBlock(call.schema.block));
  const state = isObject(value) ? value : {};
  const { cloud, events, kind, name } = call.provider;
  if (kind.stateOnly === true) return { call, state };
  const id = recordId(state, call, new RandomStream(`${call.type}:${created}`));
  const record = { version: 1, provider: name, type: call.type, scope: call.settings.scope, id, created, values: jsonOf(state) } as const;
  const key = cloud.create(record, false) ?? cloud.createBeside(record);
  // A task definition's next revision is one more than its family has had so far.
  const times = call.type === 'aws_ecs_task_definition' ? Math.max(1, Number(state['revision'] ?? 1)) : 1;
  for (let count = 0; count < times; count++) events.add({ operation: 'create', type: call.type, id, scope: record.scope });
  return { call, state, key };
}

/** The order in which placed resources settle: what others are settings of comes first, then children, then what adopts them. */
export const settlingSteps = ['stores', 'children', 'others'] as const;

/** Does what making the resource would have done besides: its bucket or table, its children. Gives what was refused, if anything was. */
export async function settle({ call, state, key }: Placed, step: (typeof settlingSteps)[number]): Promise<string | undefined> {
  if (key === undefined) return undefined;
  if (step === 'children') {
    bringChildren(call, state, key);
    return undefined;
  }
  const isStore = call.type === 'aws_s3_bucket' || call.type === 'aws_dynamodb_table';
  if ((step === 'stores') !== isStore) return undefined;
  try {
    await call.provider.kind.resources[call.type]?.create?.(call, state, new RandomStream(key), state);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}
