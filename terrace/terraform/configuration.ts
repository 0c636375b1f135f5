import { isObject } from '../base/json';

/** Names of the outputs that a unit's JSON declares, sorted. */
export function outputsOf(json: unknown): readonly string[] {
  return isObject(json) && isObject(json['output']) ? Object.keys(json['output']).toSorted() : [];
}

/** Defaults of the variables that a unit's JSON declares, by name; of those that have one. */
export function defaultsOf(json: unknown): ReadonlyMap<string, unknown> {
  const variables = isObject(json) && isObject(json['variable']) ? json['variable'] : {};
  return new Map(
    Object.entries(variables).flatMap(([name, body]) => {
      const block: unknown = Array.isArray(body) ? body[0] : body;
      return isObject(block) && 'default' in block ? [[name, block['default']] as const] : [];
    }),
  );
}

/** Addresses of the resource blocks that a unit's JSON protects with `prevent_destroy`, sorted; blocks of modules are not seen. */
export function protectedBlocks(json: unknown): readonly string[] {
  const resources = isObject(json) && isObject(json['resource']) ? json['resource'] : {};
  return Object.entries(resources)
    .flatMap(([type, named]) =>
      isObject(named) ? Object.entries(named).flatMap(([name, body]) => (isProtected(body) ? [`${type}.${name}`] : [])) : [],
    )
    .toSorted();
}

function isProtected(body: unknown): boolean {
  if (Array.isArray(body)) return body.some(isProtected);
  if (!isObject(body)) return false;
  const lifecycle: unknown = body['lifecycle'];
  return (Array.isArray(lifecycle) ? lifecycle : [lifecycle]).some((one: unknown) => isObject(one) && one['prevent_destroy'] === true);
}
