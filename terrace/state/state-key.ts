import type { BackendModel } from '../model/model';

/** What a unit's state key is made of: the parts of its path below the system. */
const parts = ['environment', 'region', 'layer', 'unit'] as const;
type KeyPart = (typeof parts)[number];

/** Where a unit's key stands where the root says nothing else; after the root's `keyPrefix`. */
export const defaultKeyTemplate = '{environment}/{region}/{layer}/{unit}/terraform.tfstate';

/** A unit with the place of its state. `<system>/<environment>/<region>/<layer>/<unit>` */
export interface KeyedUnit {
  readonly path: string;
  readonly backend: Pick<BackendModel, 'key' | 'keyTemplate'>;
}

/** The key of a unit's state: the template with the parts of its path in it. Pure. */
export function stateKeyOf(template: string, path: string): string {
  const of = partsOf(path);
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => (isPart(name) ? of[name] : whole));
}

/**
 * The template that a unit's key was made with: its root's, else the usual one behind the prefix that its own key has. A key that is not of
 * that form (a state of another tool) tells no prefix.
 */
export function keyTemplateOf({ path, backend }: KeyedUnit): string {
  if (backend.keyTemplate !== undefined) return backend.keyTemplate;
  const own = stateKeyOf(defaultKeyTemplate, path);
  return `${backend.key.endsWith(own) ? backend.key.slice(0, -own.length) : ''}${defaultKeyTemplate}`;
}

/**
 * The path of the unit whose state has a key, as the template tells; what the template leaves out is as in `like`. Undefined where the key is
 * not of the template's form, and where two paths could have it (`{layer}-{unit}` and `a-b-c`). Pure.
 */
export function pathOfKey(template: string, key: string, like: string): string | undefined {
  const [first, last] = [partsIn(template, key, '+?'), partsIn(template, key, '+')];
  if (first === undefined || last === undefined || parts.some((name) => first[name] !== last[name])) return undefined;
  return [like.split('/')[0], ...parts.map((name) => first[name] ?? partsOf(like)[name])].join('/');
}

/** The parts that stand in a key, each as short or as long as it can be. */
function partsIn(template: string, key: string, quantifier: '+' | '+?'): Partial<Record<KeyPart, string>> | undefined {
  const names: KeyPart[] = [];
  const pattern = template.split(/(\{\w+\})/).map((piece) => {
    const name = piece.slice(1, -1);
    if (!/^\{\w+\}$/.test(piece) || !isPart(name)) return piece.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    names.push(name);
    return `([^/]${quantifier})`;
  });
  const match = new RegExp(`^${pattern.join('')}$`).exec(key);
  const found: Partial<Record<KeyPart, string>> = {};
  for (const [index, name] of names.entries()) {
    const value = match?.[index + 1];
    if (value === undefined || (found[name] !== undefined && found[name] !== value)) return undefined;
    found[name] = value;
  }
  return match === null ? undefined : found;
}

/** What every key begins with that the template gives to units of these parts; the rest of the path is not looked at. Pure. */
export function keyPrefixOf(template: string, known: Partial<Record<KeyPart, string>> = {}): string {
  const filled = template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => (isPart(name) ? (known[name] ?? whole) : whole));
  const open = filled.indexOf('{');
  return open < 0 ? filled : filled.slice(0, open);
}

function partsOf(path: string): Record<KeyPart, string> {
  const [, environment = '', region = '', layer = '', unit = ''] = path.split('/');
  return { environment, region, layer, unit };
}

function isPart(name: string): name is KeyPart {
  return parts.some((one) => one === name);
}
