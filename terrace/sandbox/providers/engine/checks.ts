import { isUnknown, type ObjectValue, type Value } from '../protocol/value';
import type { CloudKey } from '../cloud/record';
import { fillTemplate } from '../values/template';
import type { ResourceCall } from './context';
import { familyOf } from './family';
import { valuesOf } from './paths';
import { Refusal } from './refusal';

/** Refuses references of the overlay to resources that do not exist: a subnet in an unknown VPC. */
export function checkReferences(call: ResourceCall, planned: ObjectValue): void {
  for (const [path, target] of Object.entries(call.provider.overlay.resources[call.type]?.references ?? {})) {
    const [named = '', attribute = 'id'] = target.split(':');
    const types = named.split('|');
    for (const value of valuesOf(planned, path)) {
      const wanted = scalar(value);
      if (wanted === undefined || wanted === '' || types.some((type) => exists(call, type, attribute, wanted))) continue;
      throw new Refusal(`creating ${call.type}`, `${types.join(' or ')} with ${attribute} ${JSON.stringify(wanted)} does not exist`, path);
    }
  }
}

/** Whether there is such a resource, of the type itself or of one that may stand in its place, or one that the cloud owns. */
function exists(call: ResourceCall, type: string, attribute: string, wanted: string): boolean {
  const { cloud, kind, name } = call.provider;
  const last = wanted.split(/[/:]/).at(-1) ?? wanted;
  const isThere = (one: string): boolean =>
    cloud
      .list(name, one)
      .some(({ record }) => record.id === wanted || record.id === last || String(record.values[attribute] ?? '') === wanted);
  if (attribute === 'id' && cloud.has(name, call.settings.scope, type, wanted)) return true;
  if (isThere(type)) return true;
  if (kind.owns?.(type, wanted) === true) return true;
  const owned = kind.owned?.(call.settings, type, { name: last, [attribute]: wanted }) ?? [];
  if (owned.some((one) => one.id === wanted || String(one.values[attribute] ?? '') === wanted)) return true;
  kind.furnish?.(call.provider, call.settings, type);
  return familyOf(call.provider, type).some(isThere);
}

/** Refuses a second resource with a name that may exist once only. */
export function checkUnique(call: ResourceCall, planned: ObjectValue, own?: CloudKey): void {
  const { cloud, name, overlay } = call.provider;
  for (const unique of overlay.resources[call.type]?.unique ?? []) {
    const wanted = unique.by.map((path) => scalar(valuesOf(planned, path)[0]));
    if (wanted.some((value) => value === undefined || value === '')) continue;
    const taken = cloud
      .list(name, call.type, unique.within === 'scope' ? call.settings.scope : undefined)
      .find(
        ({ key, record }) =>
          key !== own &&
          record.hidden?.['yields'] !== true &&
          (unique.within !== 'account' || record.scope.split('/')[0] === call.settings.scope.split('/')[0]) &&
          unique.by.every((path, index) => String(record.values[path] ?? '') === wanted[index]),
      );
    if (taken !== undefined)
      throw new Refusal(
        `creating ${call.type}`,
        fillTemplate(unique.error, { settings: call.settings.values, attributes: planned }) ?? unique.error,
        unique.by[0],
      );
  }
}

/** Refuses to delete what other resources still point to. */
export function checkUnblocked(call: ResourceCall, id: string, key: CloudKey): void {
  for (const blocker of call.provider.overlay.resources[call.type]?.blockedBy ?? []) {
    const [type = '', ...path] = blocker.split('.');
    const holder = call.provider.cloud
      .list(call.provider.name, type, call.settings.scope)
      .find(
        ({ record }) =>
          record.hidden?.['owner'] !== key && JSON.stringify(record.values[path[0] ?? ''] ?? null).includes(JSON.stringify(id)),
      );
    if (holder !== undefined)
      throw new Refusal(`deleting ${call.type} (${id})`, `DependencyViolation: ${type} ${holder.record.id} depends on it`);
  }
}

function scalar(value: Value | undefined): string | undefined {
  return value === undefined || value === null || isUnknown(value) || typeof value === 'object' ? undefined : String(value);
}
