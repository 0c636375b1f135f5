import { createHash } from 'node:crypto';

import { fromJson, toJson } from '../protocol/json';
import { isObject, isUnknown, type ObjectValue } from '../protocol/value';
import { typeOfBlock } from '../schema/schema';
import { jsonOf } from './applying';
import type { ResourceCall } from './context';
import { targetOf } from './target';

/** Under which type the cloud folder keeps what a data source answered elsewhere: no resource is called so. */
function folderOf({ provider, type }: ResourceCall): string {
  return `${provider.name}_answer_${type.slice(provider.name.length + 1)}`;
}

/** Keeps what a data source answered where a world was seeded from. */
export function keepAnswer(call: ResourceCall, attributes: unknown, created: number): void {
  const value = fromJson(attributes, typeOfBlock(call.schema.block));
  if (!isObject(value)) return;
  const values = jsonOf(value);
  const id = createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 24);
  call.provider.cloud.create(
    { version: 1, provider: call.provider.name, type: folderOf(call), scope: call.settings.scope, id, created, values },
    false,
  );
}

/** What was answered elsewhere to the same arguments; undefined where nothing is known of that. */
export function seededAnswer(call: ResourceCall, config: ObjectValue): ObjectValue | undefined {
  const { cloud, name } = call.provider;
  const asked = Object.entries(config).filter(([, value]) => value !== null && !isUnknown(value));
  const found = cloud
    .list(name, folderOf(call), call.settings.scope)
    .find(({ record }) => asked.every(([argument, value]) => fits(toJson(value), record.values[argument])));
  if (found === undefined) return undefined;
  const value = fromJson(found.record.values, typeOfBlock(call.schema.block));
  return isObject(value) ? value : undefined;
}

/** True where an answer is what the cloud itself holds: it is newer than what was answered elsewhere. */
export function isHeld(call: ResourceCall, answer: ObjectValue): boolean {
  const target = targetOf(call);
  if (target === undefined) return false;
  if (target.lists) return true;
  const { cloud, name } = call.provider;
  const isSame = (held: unknown, given: unknown): boolean => typeof given === 'string' && held === given;
  return target.types.some((type) =>
    cloud.list(name, type).some(({ record }) => isSame(record.id, answer['id']) || isSame(record.values['arn'], answer['arn'])),
  );
}

/** True where an argument says the same: what is not said there, or is empty, does not count. */
function fits(asked: unknown, held: unknown): boolean {
  if (asked === null || asked === undefined || (Array.isArray(asked) && asked.length === 0)) return true;
  if (Array.isArray(asked)) return Array.isArray(held) && asked.every((one, index) => fits(one, held[index]));
  if (typeof asked !== 'object') return asked === held;
  return isObjectLike(held) && Object.entries(asked).every(([name, one]) => fits(one, held[name]));
}

function isObjectLike(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
