import type { CloudRecord } from '../cloud/record';
import { isList, type ObjectValue } from '../protocol/value';
import type { ResourceCall } from './context';
import { linkedValues } from './links';
import { held, nameOf, remembered, tagsOf, wildcard } from './matching';
import { relatedAttribute } from './related';
import { Refusal } from './refusal';
import type { Target } from './target';

/** Filters of EC2's calls whose names are not those of the attributes with other separators (EC2 API reference). */
const special: Readonly<Record<string, string>> = {
  'is-default': 'default',
  isDefault: 'default',
  'default-for-az': 'default_for_az',
  defaultForAz: 'default_for_az',
  'association.main': 'main',
  default: 'default',
};

/** Lists whose filters are the beginnings of what they look for (Secrets Manager API reference, "Filter"). */
const prefixed = /^aws_secretsmanager_secrets$/;

/**
 * The condition of a `filter` block: a tag (`tag:Name`, `tag-key`), an attribute by the API's name for it (`vpc-id`, `attachment.vpc-id`),
 * or what the simulation remembers (`is-default`). Values may have wildcards. Refuses a filter that it does not know.
 */
export function filterOf(call: ResourceCall, target: Target, filter: ObjectValue): (record: CloudRecord) => boolean {
  const name = String(filter['name'] ?? filter['key'] ?? filter['field'] ?? '');
  const given = filter['values'] ?? filter['value'] ?? [];
  const isPattern = filter['regex'] === true || filter['match_by'] === 're';
  const begins = prefixed.test(call.type);
  const wanted = (isList(given) ? given : [given]).map((one) =>
    isPattern ? new RegExp(String(one)) : wildcard(begins ? `${String(one)}*` : String(one)),
  );
  const valuesOf = reader(call, target, name);
  return (record) => valuesOf(record).some((value) => wanted.some((pattern) => pattern.test(value)));
}

function reader(call: ResourceCall, target: Target, name: string): (record: CloudRecord) => string[] {
  const tag = /^tag:(.*)$/.exec(name)?.[1];
  if (tag !== undefined) return (record) => ((tagsOf(record)[tag] ?? null) === null ? [] : [String(tagsOf(record)[tag])]);
  if (name === 'tag-key') return (record) => Object.keys(tagsOf(record));
  if (name === 'tag-value') return (record) => Object.values(tagsOf(record)).map(String);
  const own = special[name];
  if (own !== undefined) return (record) => [String(held(record, own) === true)];
  const [type = ''] = target.types;
  // EC2 still takes older names in camel case: availabilityZone.
  const segments = name
    .replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    .replaceAll('-', '_')
    .split('.');
  for (const candidate of segments.map((_, index) => segments.slice(index).join('_'))) {
    const follows = call.provider.kind.follows?.(call, target.block, candidate);
    if (follows !== undefined) return (record) => texts(held(record, candidate) ?? follows(record));
    if (remembered.has(candidate)) {
      const tied = linkedValues(call, target, candidate);
      return (record) => [...texts(held(record, candidate)), ...(tied?.(record) ?? [])];
    }
    const attribute = relatedAttribute(type, target.block, candidate);
    if (attribute !== undefined) return (record) => texts(held(record, attribute));
  }
  if (/(^|[.-])(state|status)$/.test(name)) return stateOf(call, target, segments.length > 1);
  if (name === 'name') return (record) => [nameOf(record)];
  const link = linkedValues(call, target, segments.at(-1) ?? '');
  if (link !== undefined) return link;
  throw new Refusal(
    `reading ${call.type}`,
    `the simulation does not know the filter ${JSON.stringify(name)} of ${type}, and does not guess; it knows tags (tag:Name) and the attributes of ${type} (vpc-id for vpc_id)`,
    'filter',
  );
}

/** The state of a resource, or of its attachment: what it says itself, else that of one that is in use or ready to be. */
function stateOf(call: ResourceCall, target: Target, ofAttachment: boolean): (record: CloudRecord) => string[] {
  const [type = ''] = target.types;
  const tied = linkedValues(call, target, 'instance_id');
  const isAttached = (record: CloudRecord): boolean => record.hidden?.['status'] === 'in-use' || (tied?.(record) ?? []).length > 0;
  if (ofAttachment) return (record) => (isAttached(record) ? ['attached'] : []);
  return (record) => [isAttached(record) ? 'in-use' : type.includes('instance') ? 'running' : 'available'];
}

function texts(value: unknown): string[] {
  if (value === undefined || value === null) return [''];
  if (Array.isArray(value))
    return value.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one).flatMap(texts) : texts(one)));
  return typeof value === 'object' ? [] : [String(value)];
}
