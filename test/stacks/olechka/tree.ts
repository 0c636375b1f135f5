import { projectRoot } from '../../_helpers/project-root';
import { synthesizeInMemory, withScratch } from '../../../terrace/synth/synthesize';
import type { TreeApp } from '../../../terrace/tree/app';
import type { System } from '../../../terrace/tree/system';

/** Synthesized JSON, asserted by value. */
export type Json = any; // oxlint-disable-line typescript/no-explicit-any -- see above

/** One resource or data source of a unit. */
export interface Block {
  /** `production/eu-central-1/network/vpc` */
  readonly unit: string;
  readonly type: string;
  readonly name: string;
  readonly attrs: Json;
}

/** A full region of an environment. */
export interface Place {
  readonly environment: 'dev' | 'staging' | 'production';
  readonly region: string;
}

export const places: readonly Place[] = (['dev', 'staging', 'production'] as const).flatMap((environment) =>
  ['eu-central-1', 'ap-southeast-1'].map((region) => ({ environment, region })),
);

/** What terraform would read, by unit and by file; references are followed over units, through outputs and remote states. */
export class SynthesizedTree {
  constructor(
    /** JSON of each unit by its path without the system. */
    readonly units: Readonly<Record<string, Json>>,
    /** Text of every other file below `live/olechka`. */
    readonly files: Readonly<Record<string, string>>,
  ) {}

  /** A copy that can be changed. */
  clone(): SynthesizedTree {
    return new SynthesizedTree(structuredClone(this.units), { ...this.files });
  }

  /** Resources of a type in a unit, or in all units whose path starts so. */
  resources(type: string, prefix = ''): readonly Block[] {
    return this.blocks('resource', type, prefix);
  }

  data(type: string, prefix = ''): readonly Block[] {
    return this.blocks('data', type, prefix);
  }

  /** The resource of a type in a unit; an empty one where there is none, so that what is asked of it fails. */
  one(unit: string, type: string, name = ''): Block {
    return (
      this.resources(type, unit).find((block) => block.unit === unit && block.name.includes(name)) ?? {
        unit,
        type,
        name: 'none',
        attrs: {},
      }
    );
  }

  /** The block that an expression leads to, and the attribute it takes; undefined where it leads to none. */
  follow(unit: string, expression: unknown): (Block & { readonly attribute: string }) | undefined {
    if (typeof expression !== 'string') return undefined;
    const inner = /^\$\{(?:sensitive\()?([^()]+?)\)?\}$/.exec(expression)?.[1];
    if (inner === undefined) return undefined;
    const remote = /^data\.terraform_remote_state\.(\w+)\.outputs\.(\w+)(?:\[\d+\])?$/.exec(inner);
    if (remote !== null) {
      const source = this.sourceOf(unit, remote[1] ?? '');
      return source === undefined ? undefined : this.follow(source, this.units[source]?.output?.[remote[2] ?? '']?.value);
    }
    const own = /^(data\.)?([a-z0-9_]+)\.([\w-]+)\.([\w.[\]]+)$/.exec(inner);
    if (own === null) return undefined;
    const [, data, type = '', name = '', attribute = ''] = own;
    const attrs = this.units[unit]?.[data === undefined ? 'resource' : 'data']?.[type]?.[name];
    return attrs === undefined ? undefined : { unit, type: data === undefined ? type : `data.${type}`, name, attrs, attribute };
  }

  /** The blocks that a list leads to: of expressions, or one expression for a whole list, also sliced. */
  followAll(unit: string, list: unknown): readonly Block[] {
    if (Array.isArray(list)) return list.flatMap((one) => this.followAll(unit, one));
    const slice = /^\$\{slice\((.+), 0, (\d+)\)\}$/.exec(String(list));
    if (slice !== null) return this.followAll(unit, `\${${slice[1]}}`).slice(0, Number(slice[2]));
    const remote = /^\$\{data\.terraform_remote_state\.(\w+)\.outputs\.(\w+)\}$/.exec(String(list));
    const source = remote === null ? undefined : this.sourceOf(unit, remote[1] ?? '');
    if (source !== undefined) return this.followAll(source, this.units[source]?.output?.[remote?.[2] ?? '']?.value);
    const found = this.follow(unit, list);
    return found === undefined ? [] : [found];
  }

  /** All blocks that the expressions inside a text lead to: a policy, container definitions, a dashboard. */
  referencesIn(unit: string, text: string): readonly (Block & { readonly attribute: string })[] {
    return [...text.matchAll(/\$\{[^}]+\}/g)].flatMap(([expression]) => this.follow(unit, expression) ?? []);
  }

  private sourceOf(unit: string, remoteState: string): string | undefined {
    const config = this.units[unit]?.data?.terraform_remote_state?.[remoteState]?.config;
    return typeof config?.key === 'string' ? config.key.replace(/\/terraform\.tfstate$/, '') : undefined;
  }

  private blocks(kind: 'resource' | 'data', type: string, prefix: string): readonly Block[] {
    return Object.entries(this.units)
      .filter(([unit]) => prefix === '' || unit === prefix || unit.startsWith(`${prefix}/`))
      .flatMap(([unit, json]) => Object.entries(json[kind]?.[type] ?? {}).map(([name, attrs]) => ({ unit, type, name, attrs })));
  }
}

/** Synthesizes olechka in memory, or the parts that the selectors name. */
export async function synthesizeOlechka(
  define: () => Promise<(app: TreeApp) => System>,
  selectors: readonly string[] = ['olechka'],
): Promise<SynthesizedTree> {
  const root = projectRoot;
  const { files } = await withScratch(root, (scratch) =>
    synthesizeInMemory({ systems: { olechka: define } }, { root, selectors, scratch, commit: null, dirty: false }),
  );
  const units: Record<string, Json> = {};
  const others: Record<string, string> = {};
  for (const file of files.live) {
    const name = file.path.replace(/^olechka\//, '');
    if (name.endsWith('/main.tf.json')) units[name.replace(/\/main\.tf\.json$/, '')] = JSON.parse(file.content.toString());
    else others[name] = file.content.toString();
  }
  return new SynthesizedTree(units, others);
}

/** The whole system as it stands. */
export const wholeOlechka = (): Promise<SynthesizedTree> =>
  synthesizeOlechka(async () => (await import('../../../stacks/olechka/system')).olechka);

/** The statements of a policy by Sid. */
export function statementsOf(policy: unknown): Readonly<Record<string, Json>> {
  if (typeof policy !== 'string') return {};
  const document: { readonly Statement: readonly Json[] } = JSON.parse(policy);
  return Object.fromEntries(document.Statement.map((statement) => [statement.Sid, statement]));
}

/** A field of a statement as a list. */
export function listOf(value: Json): readonly string[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
