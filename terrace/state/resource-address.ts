import { asList, asObject, asString, JsonNumber, type JsonObject, type LosslessJson } from './lossless-json';

/** `module.net[0].aws_subnet.private["a"]`, taken apart: the module's path, the resource in it, one of its instances. */
export interface ResourceAddress {
  /** `module.net[0]`; empty for the root. */
  readonly module: string;
  /** `aws_subnet.private` or `data.aws_ami.x`; empty when the address names a module. */
  readonly resource: string;
  /** `[0]`, `["a"]`; empty for all of them. */
  readonly key: string;
}

const step = /^module\.[A-Za-z_][\w-]*(\[(?:\d+|"(?:[^"\\]|\\.)*")\])?/;
const resource = /^((?:data\.)?[A-Za-z_][\w-]*\.[A-Za-z_][\w-]*)(\[(?:\d+|"(?:[^"\\]|\\.)*")\])?$/;

/** Reads an address; undefined when it is none. */
export function parseAddress(text: string): ResourceAddress | undefined {
  const modules: string[] = [];
  let rest = text;
  for (let match = step.exec(rest); match !== null; match = step.exec(rest)) {
    modules.push(match[0]);
    rest = rest.slice(match[0].length);
    if (rest === '') return { module: modules.join('.'), resource: '', key: '' };
    if (!rest.startsWith('.')) return undefined;
    rest = rest.slice(1);
  }
  const [, name, key = ''] = resource.exec(rest) ?? [];
  return name === undefined ? undefined : { module: modules.join('.'), resource: name, key };
}

export function formatAddress({ module, resource: name, key }: ResourceAddress): string {
  return `${[module, name].filter((part) => part !== '').join('.')}${key}`;
}

/** Address of a resource block of a state, without instance. */
export function addressOf(block: JsonObject): ResourceAddress {
  const name = `${asString(block['type']) ?? ''}.${asString(block['name']) ?? ''}`;
  return { module: asString(block['module']) ?? '', resource: block['mode'] === 'data' ? `data.${name}` : name, key: '' };
}

/** `[0]`, `["a"]`, or empty for the only instance. */
export function keyOf(instance: LosslessJson): string {
  const key = asObject(instance)?.['index_key'];
  if (key instanceof JsonNumber) return `[${key.text}]`;
  return typeof key === 'string' ? `[${JSON.stringify(key)}]` : '';
}

/** The instances of a block, each with its address. */
export function instancesOf(block: JsonObject): readonly { readonly address: ResourceAddress; readonly instance: JsonObject }[] {
  return asList(block['instances']).flatMap((one) => {
    const instance = asObject(one);
    return instance === undefined ? [] : [{ address: { ...addressOf(block), key: keyOf(one) }, instance }];
  });
}

/** Where an instance goes when `from` is moved to `to`; undefined when it is not part of `from`. */
export function movedAddress(instance: ResourceAddress, from: ResourceAddress, to: ResourceAddress): ResourceAddress | undefined {
  if (from.resource === '') {
    if (instance.module !== from.module && !instance.module.startsWith(`${from.module}.`)) return undefined;
    return { ...instance, module: to.module + instance.module.slice(from.module.length) };
  }
  if (instance.module !== from.module || instance.resource !== from.resource) return undefined;
  if (from.key !== '') return instance.key === from.key ? to : undefined;
  return { ...to, key: to.key !== '' && instance.key === '' ? to.key : instance.key };
}
