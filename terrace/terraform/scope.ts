import { isObject, type JsonObject } from '../base/json';
import { blocksOf, type Block } from './blocks';

/** One configuration of a unit, the root or a module that it calls: where a name means something. */
export interface Scope {
  /** What stands before the addresses of its resources: empty, or `module.a.module.b.` without indices. */
  readonly prefix: string;
  readonly blocks: readonly Block[];
  /** Bodies of blocks by what refers to them: `local.x`, `aws_vpc.main`, `data.aws_ami.x`, `output.id`, `variable.id`. */
  readonly bodies: ReadonlyMap<string, readonly JsonObject[]>;
  /** Modules that it calls and whose configuration is in the unit's folder, by name. */
  readonly modules: ReadonlyMap<string, Scope>;
  /** Who calls it, and with which arguments; absent for the root. */
  readonly caller?: { readonly scope: Scope; readonly body: JsonObject };
}

/** Where an expression stands: what `each.value` and the iterators of dynamic blocks go through there. */
export interface Place {
  readonly scope: Scope;
  readonly iterators: ReadonlyMap<string, unknown>;
}

/** What a reference stands for as it is configured. */
export interface Meaning {
  readonly value: unknown;
  readonly place: Place;
}

/** Gives the documents of a module's folder by the folder from which it is called and its `source`; undefined where it is not there. */
export type ModuleReader = (
  folder: string,
  source: unknown,
) => { readonly folder: string; readonly documents: readonly unknown[] } | undefined;

/** The scopes of a unit, from the documents of its root. A module that calls itself is followed once. Raises a `SyntaxError` as `blocksOf` does. */
export function scopesOf(documents: readonly unknown[], read: ModuleReader): Scope {
  return scope(documents, '.', '', [], undefined);

  function scope(all: readonly unknown[], folder: string, prefix: string, above: readonly string[], caller: Scope['caller']): Scope {
    const blocks = blocksOf(all);
    const modules = new Map<string, Scope>();
    const own: Scope = { prefix, blocks, bodies: bodiesOf(blocks), modules, ...(caller === undefined ? {} : { caller }) };
    for (const { kind, labels, body } of blocks) {
      if (kind !== 'module') continue;
      const name = labels[0] ?? '';
      const found = read(folder, body['source']);
      if (found === undefined || above.includes(found.folder)) continue;
      modules.set(name, scope(found.documents, found.folder, `${prefix}module.${name}.`, [...above, found.folder], { scope: own, body }));
    }
    return own;
  }
}

/** A scope and all below it. */
export function allScopes(scope: Scope): readonly Scope[] {
  return [scope, ...[...scope.modules.values()].flatMap(allScopes)];
}

function bodiesOf(blocks: readonly Block[]): ReadonlyMap<string, readonly JsonObject[]> {
  const found = new Map<string, JsonObject[]>();
  for (const { kind, labels, body } of blocks) {
    const names =
      kind === 'locals' ? Object.keys(body).map((name) => `local.${name}`) : [(kind === 'resource' ? labels : [kind, ...labels]).join('.')];
    for (const name of names) found.set(name, [...(found.get(name) ?? []), body]);
  }
  return found;
}

/** A word that nobody would take for a secret, whatever a provider calls the argument that holds it. */
const plainWord = /^[a-z]{1,16}$/;

/**
 * Texts that stand whole in a configuration and its modules for everybody to read: plain words, and what stands there more than once, so that
 * one place at least is no secret's. A password that somebody wrote into the one argument for it is none; defaults of variables neither.
 */
export function literalsOf(root: Scope): ReadonlySet<string> {
  const found = new Map<string, number>();
  const collect = (value: unknown): void => {
    if (typeof value === 'string' && !value.includes('${') && !value.includes('%{')) {
      found.set(value, (found.get(value) ?? 0) + 1);
      for (const word of wordsIn(value)) if (!found.has(word)) found.set(word, 1);
    } else if (Array.isArray(value)) value.forEach(collect);
    else if (isObject(value)) Object.values(value).forEach(collect);
  };
  for (const { blocks } of allScopes(root)) for (const { kind, body } of blocks) if (kind !== 'variable') collect(body);
  return new Set([...found].flatMap(([text, times]) => (times > 1 || plainWord.test(text) ? [text] : [])));
}

/** Plain words in a text that is a JSON document. */
function wordsIn(text: string): readonly string[] {
  if (!/^\s*[[{]/.test(text)) return [];
  return [...text.matchAll(/"([a-z]{1,16})"/g)].map(([, word = '']) => word);
}

/** Where the arguments of a block stand. */
export function placeIn(scope: Scope, body: JsonObject): Place {
  return { scope, iterators: new Map(body['for_each'] === undefined ? [] : [['each', body['for_each']]]) };
}

/** The arguments of a body, nested blocks that `dynamic` makes among them, each with where it stands. */
export function argumentsOf(body: JsonObject, place: Place): readonly (readonly [name: string, value: unknown, place: Place])[] {
  return Object.entries(body).flatMap(([name, value]) => (name === 'dynamic' ? madeBlocks(value, place) : [[name, value, place] as const]));
}

function madeBlocks(value: unknown, place: Place): readonly (readonly [string, unknown, Place])[] {
  return [value].flat().flatMap((labels: unknown) =>
    isObject(labels)
      ? Object.entries(labels).flatMap(([label, made]) =>
          [made].flat().flatMap((one: unknown): readonly (readonly [string, unknown, Place])[] => {
            if (!isObject(one)) return [];
            const iterator = typeof one['iterator'] === 'string' ? one['iterator'].replace(/^\$\{|\}$/g, '') : label;
            return [[label, one['content'], { ...place, iterators: new Map([...place.iterators, [iterator, one['for_each']]]) }]];
          }),
        )
      : [],
  );
}

/**
 * What a dotted reference stands for: the value of a local, the argument that a caller gives a variable (or its default), the output of a
 * module, an argument of a resource. Empty where the configuration does not say: a variable of the root, an attribute that a provider computes.
 */
export function meaningsOf(reference: string, { scope, iterators }: Place): readonly Meaning[] {
  const [first = '', second = '', third = '', fourth = ''] = reference.split('.');
  if (iterators.has(first)) {
    const others = new Map([...iterators].filter(([name]) => name !== first));
    return [{ value: iterators.get(first), place: { scope, iterators: others } }];
  }
  const argumentOf = (body: string, argument: string, from: Scope = scope): readonly Meaning[] =>
    (from.bodies.get(body) ?? []).flatMap((one) =>
      argumentsOf(one, placeIn(from, one))
        .filter(([key]) => key === argument)
        .map(([, value, place]) => ({ value, place })),
    );
  if (first === 'local') return argumentOf(`local.${second}`, second);
  if (first === 'var') {
    const { caller } = scope;
    if (caller === undefined) return [];
    const given = caller.body[second];
    return given === undefined
      ? argumentOf(`variable.${second}`, 'default')
      : [{ value: given, place: placeIn(caller.scope, caller.body) }];
  }
  if (first === 'module') {
    const inner = scope.modules.get(second);
    if (inner === undefined) return [];
    const outputs = third === '' ? inner.blocks.filter(({ kind }) => kind === 'output').map(({ labels }) => labels[0] ?? '') : [third];
    return outputs.flatMap((output) => argumentOf(`output.${output}`, 'value', inner));
  }
  const isData = first === 'data';
  const address = isData ? `data.${second}.${third}` : `${first}.${second}`;
  const attribute = isData ? fourth : third;
  const argument = address.startsWith('terraform_data.') && attribute === 'output' ? 'input' : attribute;
  return argumentOf(address, argument);
}
