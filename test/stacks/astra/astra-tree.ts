import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { parse } from 'yaml';

import { astra, usualValues, type AstraValues } from '../../../stacks/astra/system';
import type { Model } from '../../../terrace/model/model';
import { synthesizeInMemory, withScratch } from '../../../terrace/synth/synthesize';
import { projectRoot } from '../../_helpers/project-root';

export type Json = { [key: string]: unknown };

export type EnvironmentName = 'development' | 'staging' | 'production';
export const environments = ['development', 'staging', 'production'] as const;

/** The synthesized system, production included, as its readers see it: parsed JSON by unit, and the text of every other file. */
export interface AstraTree {
  /** By `<environment>/<region>/<layer>/<unit>`. */
  readonly units: Record<string, Json>;
  /** By path below `live/astra/`. */
  readonly files: Record<string, string>;
  readonly model: Model;
  /** Text of the documents by their name, `ci-cd` for `docs/astra/ci-cd.md`. */
  readonly documents: Record<string, string>;
  /** Jobs of the pipeline by their names. */
  readonly jobs: Record<string, Json>;
}

/** Synthesizes astra with some values, in memory; `selectors` as on the command line, none for all of it. */
export async function astraTree(
  values: AstraValues = usualValues,
  includePlanned = true,
  selectors: readonly string[] = [],
): Promise<AstraTree> {
  const root = projectRoot;
  const project = { systems: { astra: async () => (app: Parameters<typeof astra>[0]) => astra(app, values) } };
  const { tree, files } = await withScratch(root, (scratch) =>
    synthesizeInMemory(project, { root, selectors, scratch, commit: null, dirty: false, includePlanned }),
  );
  const texts = files.live.map((file) => [file.path.replace(/^astra\//, ''), file.content.toString('utf8')] as const);
  return {
    units: Object.fromEntries(
      texts
        .filter(([name]) => name.endsWith('/main.tf.json'))
        .map(([name, text]) => [name.replace('/main.tf.json', ''), JSON.parse(text) as Json]),
    ),
    files: Object.fromEntries(texts.filter(([name]) => !name.endsWith('/main.tf.json'))),
    model: tree.model,
    documents: documents(path.join(root, 'docs', 'astra')),
    jobs: at<Record<string, Json>>(parse(readFileSync(path.join(root, '.github', 'workflows', 'astra.yml'), 'utf8')), 'jobs') ?? {},
  };
}

function documents(folder: string): Record<string, string> {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.md')) : [];
  return Object.fromEntries(names.map((name) => [name.replace(/\.md$/, ''), readFileSync(path.join(folder, name), 'utf8')]));
}

/** A copy that a mutation may change. */
export function copyOf(tree: AstraTree): AstraTree {
  return {
    units: structuredClone(tree.units),
    files: { ...tree.files },
    model: tree.model,
    documents: { ...tree.documents },
    jobs: structuredClone(tree.jobs),
  };
}

export interface Resource {
  readonly unit: string;
  readonly type: string;
  readonly name: string;
  readonly body: Json;
}

/** Resources of a type in one environment. */
export function resources(tree: AstraTree, environment: EnvironmentName, type: string): readonly Resource[] {
  return Object.entries(tree.units)
    .filter(([unit]) => unit.startsWith(`${environment}/`))
    .flatMap(([unit, json]) =>
      Object.entries(at<Json>(json, 'resource', type) ?? {}).map(([name, body]) => ({ unit, type, name, body: body as Json })),
    );
}

/** The resource whose `metadata.name` (or `name`) is this; undefined where there is none. */
export function named(tree: AstraTree, environment: EnvironmentName, type: string, name: string): Resource | undefined {
  return resources(tree, environment, type).find(({ body }) => (at(body, 'metadata', 'name') ?? body['name']) === name);
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

/** A list, whether JSON has one element or several. */
export function listOf(value: unknown): readonly Json[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value as Json];
}

/** The value behind an expression: literals as they are, references through outputs and remote states to the literal they end in. */
export function resolve(tree: AstraTree, unit: string, text: unknown): string {
  if (typeof text !== 'string') return String(text);
  return text.replaceAll(/\$\{([^{}]+)\}/g, (whole, inner: string) => {
    const state = /^data\.terraform_remote_state\.(\w+)\.outputs\.(\w+)$/.exec(inner);
    if (state !== null) {
      const key = at<string>(tree.units[unit], 'data', 'terraform_remote_state', state[1] ?? '', 'config', 'key') ?? '';
      const upstream = key.replace(/\/terraform\.tfstate$/, '');
      const value = at(tree.units[upstream], 'output', state[2] ?? '', 'value');
      return value === undefined ? whole : resolve(tree, upstream, value);
    }
    const own = /^(\w+)\.([\w-]+)\.([\w.[\]]+)$/.exec(inner);
    const way = (own?.[3] ?? '').split('.').flatMap((step) => step.replace('[0]', ''));
    const value = at(tree.units[unit], 'resource', own?.[1] ?? '', own?.[2] ?? '', ...way);
    return typeof value === 'string' && value !== text ? resolve(tree, unit, value) : whole;
  });
}

/** The values of a Helm release, with references resolved. */
export function chartValues(tree: AstraTree, release: Resource): Json {
  const [text] = at<string[]>(release.body, 'values') ?? [];
  return JSON.parse(resolve(tree, release.unit, text ?? '{}'));
}

/** The Helm release of a chart. */
export function release(tree: AstraTree, environment: EnvironmentName, chart: string): Resource | undefined {
  return resources(tree, environment, 'helm_release').find(({ body }) => body['chart'] === chart);
}
