import type { CloudRecord } from '../cloud/record';
import { isObject, type Value } from '../protocol/value';

/** What a record holds under a name: terraform's attribute, or what the simulation itself remembers (`default`, `main`). */
export function held(record: CloudRecord, name: string): unknown {
  if (name === 'id') return record.values['id'] ?? record.id;
  if (name.includes('.')) return inside(record.values, name.split('.'));
  return record.values[name] ?? record.hidden?.[name];
}

function inside(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return name === undefined
    ? value
    : typeof one === 'object' && one !== null
      ? inside({ ...one }[name as keyof typeof one], rest)
      : undefined;
}

/** What only the simulation remembers of resources (`hidden` of their records), never terraform. */
export const remembered: ReadonlySet<string> = new Set([
  'default',
  'main',
  'default_for_az',
  'is_default',
  'owner_alias',
  'most_recent',
  'instance_id',
  'device',
]);

/** Tags or labels of a record, the provider's default ones included. */
export function tagsOf(record: CloudRecord): Readonly<Record<string, unknown>> {
  const metadata = record.values['metadata'];
  const first: unknown = Array.isArray(metadata) ? metadata[0] : undefined;
  const labels = typeof first === 'object' && first !== null && 'labels' in first ? first.labels : undefined;
  const tags = record.values['tags_all'] ?? record.values['tags'] ?? record.values['effective_labels'] ?? record.values['labels'] ?? labels;
  return typeof tags === 'object' && tags !== null ? Object.fromEntries(Object.entries(tags)) : {};
}

/** Whether a held value is the wanted one; of a list, whether one of its elements is. Trailing dots of zone names do not count. */
export function equals(value: unknown, wanted: unknown): boolean {
  if (Array.isArray(value)) return value.some((one) => equals(one, wanted));
  if (typeof value === 'object' && value !== null) return false;
  return String(value ?? '').replace(/\.$/, '') === String(wanted).replace(/\.$/, '');
}

/** The same, or the last part of a path or ARN: a cluster's name for its ARN. */
export function denotes(value: unknown, wanted: unknown): boolean {
  if (Array.isArray(value)) return value.some((one) => denotes(one, wanted));
  const last = (one: unknown): string =>
    String(one ?? '')
      .split(/[/:]/)
      .at(-1) ?? '';
  return equals(value, wanted) || (last(value) !== '' && last(value) === last(wanted));
}

/** AWS filters know `*` for any text and `?` for any character. */
export function wildcard(wanted: string): RegExp {
  return new RegExp(
    `^${wanted
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );
}

/** Whether tags hold every wanted pair. */
export function holdsTags(tags: Readonly<Record<string, unknown>>, wanted: Value): boolean {
  return !isObject(wanted) || Object.entries(wanted).every(([key, one]) => one === null || equals(tags[key], one));
}

/** A label selector of Kubernetes or Hetzner: `env=prod,tier!=web,app in (a,b),!old,new`. */
export function fitsSelector(tags: Readonly<Record<string, unknown>>, selector: string): boolean {
  const parts = selector.split(/,(?![^(]*\))/).map((part) => part.trim());
  return parts.every((part) => {
    if (part === '') return true;
    const among = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(part);
    if (among !== null) {
      const values = (among[3] ?? '').split(',').map((one) => one.trim());
      return values.some((one) => equals(tags[among[1] ?? ''], one) && tags[among[1] ?? ''] !== undefined) === (among[2] === 'in');
    }
    const pair = /^([^!=\s]+)\s*(!=|==?)\s*(.*)$/.exec(part);
    if (pair !== null) return (tags[pair[1] ?? ''] !== undefined && equals(tags[pair[1] ?? ''], pair[3])) === (pair[2] !== '!=');
    return part.startsWith('!') ? tags[part.slice(1).trim()] === undefined : tags[part] !== undefined;
  });
}

/** The name people know a record by. */
export function nameOf(record: CloudRecord): string {
  const metadata = record.values['metadata'];
  const first: unknown = Array.isArray(metadata) ? metadata[0] : undefined;
  const own = record.values['name'] ?? (typeof first === 'object' && first !== null && 'name' in first ? first.name : undefined);
  return String(own ?? tagsOf(record)['Name'] ?? record.id);
}
