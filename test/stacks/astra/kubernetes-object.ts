import type { Json } from './astra-tree';

/** A schema of Kubernetes' OpenAPI document, as far as its objects need it. */
export interface ApiSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly items?: ApiSchema;
  readonly properties?: Readonly<Record<string, ApiSchema>>;
  readonly additionalProperties?: ApiSchema | false;
}

export interface ApiDefinitions {
  /** Where the definitions were taken from. */
  readonly source: string;
  /** The definition of the object that each terraform type makes. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly definitions: Readonly<Record<string, ApiSchema>>;
}

/** What belongs to terraform and never reaches the cluster. */
const terraformOnly = new Set([
  '//',
  'depends_on',
  'lifecycle',
  'provider',
  'timeouts',
  'wait_for_default_service_account',
  'wait_for_load_balancer',
  'wait_for_rollout',
  'wait_until_bound',
]);

/**
 * The object that the provider sends for a resource: names in camel case and plural where the API has lists, blocks as objects or lists,
 * numbers where the provider has texts. A name that the API does not have stays as it is, so that the schema refuses it. What terraform
 * knows later is given a value of its type.
 */
export function apiObject(body: Json, schema: ApiSchema, { definitions }: ApiDefinitions): unknown {
  const own = Object.fromEntries(Object.entries(body).filter(([name]) => !terraformOnly.has(name)));
  return shaped(own, schema);

  function shaped(value: unknown, at: ApiSchema): unknown {
    const wanted = at.$ref === undefined ? at : (definitions[at.$ref.replace('#/definitions/', '')] ?? {});
    if (wanted.type === 'array') return (Array.isArray(value) ? value : [value]).map((one: unknown) => shaped(one, wanted.items ?? {}));
    const single: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
    if (typeof single === 'object' && single !== null && !Array.isArray(single)) {
      const { properties, additionalProperties } = wanted;
      return Object.fromEntries(
        Object.entries(single).map(([name, one]): [string, unknown] => {
          if (properties === undefined) return [name, typeof additionalProperties === 'object' ? shaped(one, additionalProperties) : one];
          const property = propertyOf(name, properties);
          return property === undefined ? [name, one] : [property, shaped(one, properties[property] ?? {})];
        }),
      );
    }
    return scalar(single, wanted);
  }
}

function scalar(value: unknown, { type, format }: ApiSchema): unknown {
  const isLater = typeof value === 'string' && /^\$\{.*\}$/.test(value);
  if (type === 'integer' || type === 'number')
    return isLater ? 1 : typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (type === 'boolean') return isLater ? true : value;
  return format === 'int-or-string' && typeof value === 'number' ? String(value) : value;
}

/** `volume_mount` → `volumeMounts`, `cluster_ip` → `clusterIP`. */
function propertyOf(name: string, properties: Readonly<Record<string, ApiSchema>>): string | undefined {
  const plain = name.replaceAll('_', '').toLowerCase();
  const called = (wanted: string): string | undefined => Object.keys(properties).find((one) => one.toLowerCase() === wanted);
  return called(plain) ?? called(`${plain}s`);
}
