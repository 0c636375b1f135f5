import { isObject, type Json, type JsonObject } from '../read/configuration';
import type { ResourceNode } from '../read/graph';

/** Attributes worth a line in a picture, most telling first; a dot steps into a block. */
const telling = [
  'cidr_block',
  'ip_range',
  'address_space',
  'address_prefixes',
  'ip',
  'network.ip',
  'destination',
  'gateway',
  'server_type',
  'instance_type',
  'instance_class',
  'node_type',
  'size',
  'load_balancer_type',
  'machine_type',
  'engine',
  'engine_version',
  'launch_type',
  'location',
  'capacity',
  'image_tag',
  'chart',
  'version',
  'spec.type',
  'type',
  'protocol',
  'listen_port',
  'threshold',
  'content',
  'retention_in_days',
] as const;

/** Units of attributes that are bare numbers. */
const units: Readonly<Record<string, string>> = { size: 'GB', retention_in_days: 'd' };

/** `type` tells something of a DNS record and of little else. */
const typed = /_record(_v\d+)?$/;

const longest = 40;

/** A short line of literal facts about a resource (`10.0.2.10 · cx33`), at most three; undefined where the JSON has none. */
export function detailOf({ block }: ResourceNode): string | undefined {
  const facts: string[] = [];
  for (const way of telling) {
    if (way === 'type' && !typed.test(block.type)) continue;
    const value = at(block.body, way.split('.'));
    const unit = typeof value === 'number' ? units[way] : undefined;
    const text = unit === undefined ? literal(value) : `${literal(value)} ${unit}`;
    if (text !== undefined && !facts.includes(text) && facts.length < 3 && facts.join(' · ').length + text.length <= longest)
      facts.push(text);
  }
  if (block.body['count'] !== undefined) facts.push(typeof block.body['count'] === 'number' ? `× ${block.body['count']}` : 'by count');
  if (block.body['for_each'] !== undefined) facts.push('for each');
  return facts.length === 0 ? undefined : facts.join(' · ');
}

/**
 * The name a resource was given in the source: the way to its construct (`web/balancer`) where the JSON tells it, else its name there without the hash.
 * An object of Kubernetes is known by its own name.
 */
export function displayName({ block }: ResourceNode): string {
  const own = block.type.startsWith('kubernetes_') ? literalOf(block.body, 'metadata.name') : undefined;
  if (own !== undefined) return own;
  const name = block.construct ?? block.name.replace(/(?<=.)_[0-9A-F]{8}$/, '');
  // A construct named after its only resource: `key/key`.
  const [outer, inner, ...rest] = name.split('/');
  return outer !== undefined && outer === inner && rest.length === 0 ? outer : name;
}

/** The literal value of an attribute, as text; undefined for expressions, objects and what is not there. */
export function literalOf(body: JsonObject, way: string): string | undefined {
  return literal(at(body, way.split('.')));
}

function at(value: Json | undefined, steps: readonly string[]): Json | undefined {
  const [step, ...rest] = steps;
  const here = Array.isArray(value) && value.length > 0 && isObject(value[0]) ? value[0] : value;
  if (step === undefined) return here;
  return isObject(here) ? at(here[step], rest) : undefined;
}

function literal(value: Json | undefined): string | undefined {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value.includes('${') || value.length === 0 || value.length > longest ? undefined : value;
  if (Array.isArray(value) && value.length > 0 && value.length < 4 && value.every((item) => typeof item === 'string'))
    return literal(value.join(', '));
  return undefined;
}
