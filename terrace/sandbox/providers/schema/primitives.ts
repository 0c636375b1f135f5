import type { HclEntry } from './declarations';
import type { Type } from './schema';

const leaves: Readonly<Record<string, Type>> = { string: 'string', number: 'number', boolean: 'bool', any: 'dynamic' };

/** Getter → type, for attributes without a stored class. */
const getters: readonly (readonly [RegExp, Type])[] = [
  [/Fn\.tolist\(this\.getListAttribute/, ['set', 'string']],
  [/Fn\.tolist\(this\.getNumberListAttribute/, ['set', 'number']],
  [/this\.getListAttribute/, ['list', 'string']],
  [/this\.getNumberListAttribute/, ['list', 'number']],
  [/this\.getStringMapAttribute/, ['map', 'string']],
  [/this\.getNumberMapAttribute/, ['map', 'number']],
  [/this\.getBooleanMapAttribute/, ['map', 'bool']],
  [/this\.getAnyMapAttribute/, 'dynamic'],
  [/this\.getStringAttribute/, 'string'],
  [/this\.getNumberAttribute/, 'number'],
  [/this\.getBooleanAttribute/, 'bool'],
];

/** The type of an attribute that is no struct, from its HCL entry where there is one, else from its getter. */
export function primitiveType(getter: string, entry: HclEntry | undefined): Type {
  if (entry !== undefined) {
    const type = storageType(entry.storage, entry.type === 'set' || getter.includes('Fn.tolist'));
    if (type !== undefined) return type;
  }
  return getters.find(([pattern]) => pattern.test(getter))?.[1] ?? (getter.includes('Fn.tolist') ? ['set', 'dynamic'] : 'dynamic');
}

/** `stringListMap` read from the right: a map of lists of strings. A map of anything is a dynamic value. */
function storageType(storage: string, set: boolean): Type | undefined {
  const [, leaf = '', suffixes = ''] = /^([A-Za-z][a-z]*?)((?:List|Map)*)$/.exec(storage) ?? [];
  const base = leaves[leaf.toLowerCase()];
  if (base === undefined) return undefined;
  const collections = suffixes.match(/List|Map/g) ?? [];
  if (base === 'dynamic' && collections.length <= 1) return 'dynamic';
  return collections.reduce<Type>((type, suffix, index) => {
    const outermost = index === collections.length - 1;
    return suffix === 'Map' ? ['map', type] : [outermost && set ? 'set' : 'list', type];
  }, base);
}
