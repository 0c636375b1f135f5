import { isObject } from '../base/json';

/** Names of the outputs that a unit's JSON declares, sorted. */
export function outputsOf(json: unknown): readonly string[] {
  return isObject(json) && isObject(json['output']) ? Object.keys(json['output']).toSorted() : [];
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
