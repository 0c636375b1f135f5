import { isObject, type Json } from '../base/json';
import { isNoOp } from './action-counts';
import type { PlanChange, PlanJson, PlanResource } from './plan-json';

/** Outputs of a unit that name things which its plan destroys or replaces; what others read through them goes with these. */
export interface LostValues {
  /** Outputs that name something destroyed for good, sorted. */
  readonly destroyed: readonly string[];
  /** Outputs that name something replaced, with its address. */
  readonly replaced: readonly { readonly output: string; readonly address: string; readonly createBeforeDestroy: boolean }[];
}

/**
 * Which outputs of the prior state name what a plan takes away. An output names a resource where its old value holds the resource's id or
 * ARN, or, for an output that changes, any of its texts that no surviving resource has. Pure; an output that only goes names nothing.
 */
export function lostValues(plan: PlanJson): LostValues {
  const managed = (plan.resource_changes ?? []).filter((one) => one.mode === 'managed' && one.deposed === undefined);
  const destroyed = managed.filter(({ change }) => change.actions.length === 1 && change.actions[0] === 'delete');
  const replaced = managed.filter(({ change }) => change.actions.length === 2);
  const kept = new Set(managed.filter((one) => !destroyed.includes(one) && !replaced.includes(one)).flatMap(textsBefore));
  const outputs = Object.entries(plan.output_changes ?? {});
  return {
    destroyed: outputs.flatMap(([name, change]) => (destroyed.some((one) => names(change, one, kept)) ? [name] : [])).toSorted(),
    replaced: replaced.flatMap((one) =>
      outputs.flatMap(([output, change]) =>
        names(change, one, kept) ? [{ output, address: one.address, createBeforeDestroy: one.change.actions[0] === 'create' }] : [],
      ),
    ),
  };
}

function names({ before, actions }: PlanChange, resource: PlanResource, kept: ReadonlySet<string>): boolean {
  const values = textsIn(before ?? null);
  if (identitiesOf(resource).some((id) => values.some((text) => text === id || (id.length >= 8 && text.includes(id))))) return true;
  if (isNoOp(actions)) return false;
  const own = new Set(textsBefore(resource).filter((text) => text.length >= 4 && !kept.has(text)));
  return values.some((text) => own.has(text));
}

function identitiesOf({ change }: PlanResource): readonly string[] {
  const before: unknown = change.before;
  if (!isObject(before)) return [];
  return [before['id'], before['arn']].filter((value) => typeof value === 'string').filter((value) => value !== '');
}

function textsBefore({ change }: PlanResource): readonly string[] {
  return textsIn(change.before ?? null);
}

/** Every text in a value, at any depth. */
function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
