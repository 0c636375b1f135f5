/** A value of Terraform's JSON syntax. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** A resource or a data source as it stands in a unit's `main.tf.json`. */
export interface Block {
  readonly mode: 'resource' | 'data';
  readonly type: string;
  readonly name: string;
  /** `aws_vpc.main`, `data.aws_caller_identity.current`. */
  readonly address: string;
  readonly body: JsonObject;
  /** Way to its construct in the source, where cdktf's comment tells it: `web/balancer`. */
  readonly construct?: string;
}

/** What a unit's JSON says, as far as a picture needs it. */
export interface Configuration {
  /** Managed resources and data sources by address, in the file's order. */
  readonly blocks: ReadonlyMap<string, Block>;
  readonly outputs: ReadonlyMap<string, Json>;
  readonly locals: ReadonlyMap<string, Json>;
  /** Local name → source, `hcloud` → `hetznercloud/hcloud`. */
  readonly providers: ReadonlyMap<string, string>;
}

/**
 * Reads the object of a `main.tf.json`; blocks may be objects or lists of objects, as Terraform's JSON syntax allows, and `"//"` is a comment.
 * What is not there is empty; nothing is checked, because terraform does that.
 */
export function readConfiguration(json: JsonObject): Configuration {
  const blocks = new Map<string, Block>();
  for (const mode of ['resource', 'data'] as const) {
    for (const [type, named] of entriesOf(json[mode])) {
      for (const [name, body] of entriesOf(named)) {
        const address = mode === 'data' ? `data.${type}.${name}` : `${type}.${name}`;
        const construct = constructOf(body);
        blocks.set(address, { mode, type, name, address, body: mergedObject(body), ...(construct === undefined ? {} : { construct }) });
      }
    }
  }
  const outputs = new Map(entriesOf(json['output']).map(([name, body]) => [name, mergedObject(body)['value'] ?? null]));
  const locals = new Map(entriesOf(json['locals']));
  const providers = new Map<string, string>();
  for (const [, terraform] of entriesOf({ terraform: json['terraform'] ?? null })) {
    for (const [name, requirement] of entriesOf(mergedObject(terraform)['required_providers'])) {
      const source = isObject(requirement) ? requirement['source'] : requirement;
      providers.set(name, typeof source === 'string' ? source : name);
    }
  }
  return { blocks, outputs, locals, providers };
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every string of a value with the way to it: keys joined by dots, positions in lists left out. */
export function stringsOf(value: Json, way = ''): readonly { readonly way: string; readonly text: string }[] {
  if (typeof value === 'string') return [{ way, text: value }];
  if (Array.isArray(value)) return value.flatMap((item: Json) => stringsOf(item, way));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === '//' ? [] : stringsOf(item, way === '' ? key : `${way}.${key}`)));
}

function constructOf(body: Json): string | undefined {
  const comment = isObject(body) ? body['//'] : undefined;
  const metadata = isObject(comment) ? comment['metadata'] : undefined;
  const path = isObject(metadata) ? metadata['path'] : undefined;
  return typeof path === 'string' && path.includes('/') ? path.slice(path.indexOf('/') + 1) : undefined;
}

function entriesOf(value: Json | undefined): [string, Json][] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => entriesOf(item));
  return isObject(value) ? Object.entries(value).filter(([key]) => key !== '//') : [];
}

function mergedObject(value: Json): JsonObject {
  return Object.fromEntries(entriesOf(value));
}
