import type { ResourceChange } from '../plan/plan-model';
import { isList, isMap, isMark, type ShownValue, type ShownObject } from '../values/shown-value';

/** The value at a dotted path; a list on the way stands for its first element (blocks of at most one are lists). */
export function valueAt(object: ShownObject | ShownValue | null | undefined, path: string): ShownValue | undefined {
  let found: ShownValue | undefined = object ?? undefined;
  for (const step of path.split('.')) {
    if (isList(found)) found = found[0];
    found = isMap(found) && Object.hasOwn(found, step) ? found[step] : undefined;
  }
  return isList(found) && found.length === 0 ? undefined : (found ?? undefined);
}

/** Every value at a dotted path, through all elements of lists on the way. */
export function valuesAt(object: ShownObject | ShownValue | null | undefined, path: string): readonly ShownValue[] {
  let found: readonly ShownValue[] = object === null || object === undefined ? [] : [object];
  for (const step of path.split('.')) {
    found = found
      .flatMap((value) => (isList(value) ? value : [value]))
      .flatMap((value) => (isMap(value) && value[step] !== undefined && value[step] !== null ? [value[step]] : []));
  }
  return found.flatMap((value) => (isList(value) ? value : [value]));
}

/** True where the resource, or its present form, is going away. */
export function isDestroyed(change: ResourceChange): boolean {
  return change.action === 'delete' || change.action === 'replace';
}

/** True where the plan leaves a new or changed resource behind. */
export function isWritten(change: ResourceChange): boolean {
  return change.action === 'create' || change.action === 'update' || change.action === 'replace';
}

/** A name a person knows the resource by. */
export function known(change: ResourceChange): string {
  const object = change.after ?? change.before;
  for (const name of [
    'tags.Name',
    'metadata.name',
    'name',
    'bucket',
    'identifier',
    'cluster_identifier',
    'replication_group_id',
    'database_name',
    'id',
  ]) {
    const value = valueAt(object, name);
    if (typeof value === 'string' && value !== '') return `${change.type} ${value}`;
  }
  return change.type;
}

/** A value as it can stand in a sentence. */
export function word(value: ShownValue | undefined): string {
  if (value === undefined || value === null) return 'not set';
  if (isMark(value)) return value['terrace:mark'] === 'sensitive' ? '(sensitive)' : '(known after apply)';
  if (typeof value === 'string') return value.length > 80 ? `${value.slice(0, 79)}…` : value;
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** `a, b, c and 4 more`. */
export function some(names: readonly string[], most = 4): string {
  const unique = [...new Set(names)];
  return unique.length <= most ? unique.join(', ') : `${unique.slice(0, most).join(', ')} and ${unique.length - most} more`;
}
