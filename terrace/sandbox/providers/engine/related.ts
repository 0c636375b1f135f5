import type { Block } from '../schema/schema';
import { singularsOf } from './words';

/** Attributes that data sources and filters call by another name than the resource does, in every provider. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  cidr: ['cidr_block'],
  domain: ['domain_name', 'name'],
  image_id: ['ami'],
  instance_state_name: ['instance_state'],
  email: ['email_address'],
  ip: ['ip_address'],
  self_link: ['id'],
  master_username: ['username'],
  preferred_backup_window: ['backup_window'],
  preferred_maintenance_window: ['maintenance_window'],
};

/** Words that an API has for a type beside those of terraform's name: an AMI is an image. */
const otherWords: Readonly<Record<string, readonly string[]>> = { ami: ['image'] };

/**
 * The attribute of a resource type that a name of its data source stands for: its own (`vpc_id`), without words of the type's own name
 * (`db_instance_identifier` of a database instance is `identifier`, `route_table_id` of a route table is `id`), with or without a last
 * word that says what of it is meant (`cluster_arn` is `cluster`), with words of the type (`name` of a node group is `node_group_name`), or a synonym. Undefined where the schema does not tell.
 */
export function relatedAttribute(type: string, block: Block, name: string): string | undefined {
  const attributes = block.attributes ?? {};
  const exists = (one: string): boolean => attributes[one] !== undefined;
  if (exists(name)) return name;
  const typeWords = type.split('_');
  const own = new Set(typeWords.flatMap((word) => [word, ...singularsOf(word), ...(otherWords[word] ?? [])]));
  const words = name.split('_');
  for (let dropped = 1; dropped < words.length && own.has(words[dropped - 1] ?? ''); dropped++) {
    const rest = words.slice(dropped).join('_');
    if (exists(rest)) return rest;
    if (rest === 'identifier' && exists('id')) return 'id';
  }
  const known = (synonyms[name] ?? []).find(exists);
  if (known !== undefined) return known;
  const longer = typeWords.map((_, index) => [...typeWords.slice(index), name].join('_')).find(exists);
  if (longer !== undefined) return longer;
  const stem = name.replace(/_(arn|id|name|identifier)$/, '');
  const squeezed = name.replaceAll('_', '');
  return (
    (stem !== name && exists(stem) && !own.has(stem) ? stem : undefined) ??
    [
      `${name}_id`,
      `${name}_name`,
      ...pluralsOf(name),
      ...switches(name),
      ...(stem === name ? [] : [`${stem}_id`, `${stem}_arn`, `${stem}_name`]),
    ].find(exists) ??
    Object.keys(attributes).find((one) => one.replaceAll('_', '') === squeezed) ??
    (stem === name ? undefined : Object.keys(attributes).find((one) => one.endsWith(`_${stem}_id`)))
  );
}

/** Words of which a name is the singular. */
function pluralsOf(name: string): string[] {
  return [`${name}s`, `${name}es`, ...(name.endsWith('y') ? [`${name.slice(0, -1)}ies`] : [])];
}

/** A switch under the other name that providers have for one: `enable_http2` and `http2_enabled`. */
function switches(name: string): string[] {
  return name.startsWith('enable_') ? [`${name.slice(7)}_enabled`] : name.endsWith('_enabled') ? [`enable_${name.slice(0, -8)}`] : [];
}

/** The same for a list of values: `ids` lists `id`, `function_names` lists `function_name`, a list of its own name is taken as it is. */
export function relatedList(type: string, block: Block, name: string): string | undefined {
  if (block.attributes?.[name] !== undefined) return name;
  const words = name.split('_');
  const last = words.pop() ?? '';
  // What an API lists of a type by the type's own name is its names: `networks`, `namespaces`.
  const own = type.split('_').at(-1) ?? '';
  if (words.length === 0 && singularsOf(last).includes(own) && block.attributes?.['name'] !== undefined) return 'name';
  for (const one of singularsOf(last)) {
    const found = relatedAttribute(type, block, [...words, one].join('_'));
    if (found !== undefined) return found;
  }
  return undefined;
}
