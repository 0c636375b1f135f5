import { projectRoot } from '../../_helpers/project-root';
import type { Model } from '../../../terrace/model/model';
import { synthesizeInMemory, withScratch } from '../../../terrace/synth/synthesize';
import { tux, usualValues, type TuxValues } from '../../../stacks/tux/system';

export type Json = { [key: string]: unknown };

/** The synthesized system, as its readers see it: parsed JSON by unit, and the text of every other file. */
export interface TuxTree {
  /** By `<environment>/<region>/<layer>/<unit>`. */
  readonly units: Record<string, Json>;
  /** By path below `live/tux/`. */
  readonly files: Record<string, string>;
  readonly model: Model;
}

/** Synthesizes tux with some values, in memory. */
export async function tuxTree(values: TuxValues = usualValues): Promise<TuxTree> {
  const root = projectRoot;
  const project = { systems: { tux: async () => (app: Parameters<typeof tux>[0]) => tux(app, values) } };
  const { tree, files } = await withScratch(root, (scratch) =>
    synthesizeInMemory(project, { root, selectors: [], scratch, commit: null, dirty: false }),
  );
  const texts = files.live.map((file) => [file.path.replace(/^tux\//, ''), file.content.toString('utf8')] as const);
  return {
    units: Object.fromEntries(
      texts
        .filter(([name]) => name.endsWith('/main.tf.json'))
        .map(([name, text]) => [name.replace('/main.tf.json', ''), JSON.parse(text) as Json]),
    ),
    files: Object.fromEntries(texts.filter(([name]) => !name.endsWith('/main.tf.json'))),
    model: tree.model,
  };
}

/** A copy that a mutation may change. */
export function copyOf(tree: TuxTree): TuxTree {
  return { units: structuredClone(tree.units), files: { ...tree.files }, model: tree.model };
}

export interface Resource {
  readonly unit: string;
  readonly type: string;
  readonly name: string;
  readonly body: Json;
}

/** Resources of a type in one environment (all with `''`), sorted by unit and name. */
export function resources(tree: TuxTree, environment: string, type: string): readonly Resource[] {
  return Object.entries(tree.units)
    .filter(([unit]) => unit.startsWith(environment))
    .flatMap(([unit, json]) =>
      Object.entries(at<Json>(json, 'resource', type) ?? {}).map(([name, body]) => ({ unit, type, name, body: body as Json })),
    );
}

/** The only resource of a type. Throws when there is none or several. */
export function only(tree: TuxTree, environment: string, type: string): Resource {
  const [first, second] = resources(tree, environment, type);
  if (first === undefined || second !== undefined) throw new Error(`${environment}: expected one ${type}`);
  return first;
}

/** A value inside JSON; undefined where the way ends. */
// eslint-disable-next-line typescript/no-unnecessary-type-parameters -- the reader names the type that the way ends in, as with JSON.parse
export function at<T = unknown>(value: unknown, ...way: readonly (string | number)[]): T | undefined {
  let here = value;
  for (const step of way) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here as T | undefined;
}

/** Where a reference ends: the attribute of a resource, after every remote state in between was followed. */
export interface Target {
  readonly unit: string;
  readonly type: string;
  readonly name: string;
  readonly attribute: string;
}

/** Follows an expression to the resource that it is taken from. Undefined for what is no single reference. */
export function follow(tree: TuxTree, unit: string, expression: unknown): Target | undefined {
  if (typeof expression !== 'string') return undefined;
  const state = /^\$\{data\.terraform_remote_state\.(\w+)\.outputs\.(\w+)\}$/.exec(expression);
  if (state !== null) {
    const key = at<string>(tree.units[unit], 'data', 'terraform_remote_state', state[1] ?? '', 'config', 'key');
    const upstream = key?.replace(/\/terraform\.tfstate$/, '') ?? '';
    return follow(tree, upstream, at(tree.units[upstream], 'output', state[2] ?? '', 'value'));
  }
  const own = /^\$\{(\w+)\.([\w-]+)\.(\w+)\}$/.exec(expression);
  if (own === null || at(tree.units[unit], 'resource', own[1] ?? '', own[2] ?? '') === undefined) return undefined;
  return { unit, type: own[1] ?? '', name: own[2] ?? '', attribute: own[3] ?? '' };
}

/** The body that a reference leads to. */
export function target(tree: TuxTree, unit: string, expression: unknown): Json | undefined {
  const found = follow(tree, unit, expression);
  return found === undefined ? undefined : at<Json>(tree.units[found.unit], 'resource', found.type, found.name);
}
