import { isObject, type Json, type JsonObject } from '../base/json';

import type { Mask, PlanConfigResource, PlanJson, PlanResource } from './plan-json';

/** Arguments that terraform reads itself, which are no attributes of a resource. */
const own = new Set(['//', 'count', 'for_each', 'depends_on', 'lifecycle', 'provider', 'provisioner', 'connection']);

/**
 * What a unit's JSON alone says that would be made: every resource is new, what refers to something is not known yet. In the form of
 * terraform's plan JSON, so that the same rules look at it; no terraform ran and no state was read.
 */
export function sourcePlan(json: unknown): PlanJson {
  const blocks = isObject(json) && isObject(json['resource']) ? json['resource'] : {};
  const sources = providerSources(json);
  const resources = Object.entries(blocks).flatMap(([type, named]) =>
    isObject(named) ? Object.entries(named).flatMap(([name, body]) => (isObject(body) ? [{ type, name, body }] : [])) : [],
  );
  return {
    format_version: '1.2',
    resource_changes: resources.map(({ type, name, body }): PlanResource => {
      const { known, unknown } = split(attributesOf(body));
      return {
        address: `${type}.${name}`,
        mode: 'managed',
        type,
        name,
        provider_name: `registry.terraform.io/${sources.get(type.split('_')[0] ?? '') ?? `hashicorp/${type.split('_')[0] ?? ''}`}`,
        change: { actions: ['create'], before: null, after: known, after_unknown: unknown },
      };
    }),
    configuration: {
      root_module: {
        resources: resources.map(({ type, name, body }): PlanConfigResource => ({
          address: `${type}.${name}`,
          type,
          expressions: Object.fromEntries(Object.entries(attributesOf(body)).map(([argument, value]) => [argument, expression(value)])),
        })),
      },
    },
  };
}

function attributesOf(body: object): JsonObject {
  const attributes: JsonObject = Object.fromEntries(Object.entries(body).filter(([name]) => !own.has(name)));
  return attributes;
}

/** Local name of a provider → its source. */
function providerSources(json: unknown): ReadonlyMap<string, string> {
  const terraform = isObject(json) && isObject(json['terraform']) ? json['terraform'] : {};
  const required = isObject(terraform['required_providers']) ? terraform['required_providers'] : {};
  return new Map(
    Object.entries(required).flatMap(([name, body]) =>
      isObject(body) && typeof body['source'] === 'string' ? [[name, body['source']] as const] : [],
    ),
  );
}

const refers = /[$%]\{/;

/** A value with what refers to something taken out of it, and the mask of what was taken out. */
function split(value: JsonObject): { readonly known: JsonObject; readonly unknown: Mask } {
  const parts = Object.entries(value).map(([name, item]) => [name, known(item), unknown(item)] as const);
  return {
    known: Object.fromEntries(parts.flatMap(([name, item]) => (item === undefined ? [] : [[name, item]]))),
    unknown: Object.fromEntries(parts.map(([name, , mask]) => [name, mask])),
  };
}

function known(value: Json): Json | undefined {
  if (typeof value === 'string') return refers.test(value) ? undefined : value;
  if (Array.isArray(value)) return value.map((item: Json) => known(item) ?? null);
  if (isObject(value)) return split(value).known;
  return value;
}

function unknown(value: Json): Mask {
  if (typeof value === 'string') return refers.test(value);
  if (Array.isArray(value)) return value.map((item: Json) => unknown(item));
  if (isObject(value)) return split(value).unknown;
  return false;
}

function expression(value: Json): { readonly references?: readonly string[]; readonly constant_value?: Json } {
  const text = JSON.stringify(value);
  if (!refers.test(text)) return { constant_value: value };
  const names = [...text.matchAll(/(?:data\.)?[a-z][a-z0-9_]*\.[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*/g)].map(([name]) => name);
  return { references: [...new Set(names)] };
}
