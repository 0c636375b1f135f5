import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { astraler, usualValues, type AstralerValues } from '../../../stacks/astraler/system';
import { projectRoot } from '../../_helpers/project-root';
import { synthesizeInMemory, withScratch } from '../../../terrace/synth/synthesize';
import { at, follow, resources, target, type Json, type Resource, type TuxTree } from '../tux/tux-tree';

export { at, copyOf, follow, resources, target, type Json, type Resource } from '../tux/tux-tree';

/** The synthesized system: parsed JSON by unit, and the text of every other file, the workflows among them by their names. */
export type AstralerTree = TuxTree;

export async function astralerTree(values: AstralerValues = usualValues): Promise<AstralerTree> {
  const root = projectRoot;
  const project = { systems: { astraler: async () => (app: Parameters<typeof astraler>[0]) => astraler(app, values) } };
  const { tree, files } = await withScratch(root, (scratch) =>
    synthesizeInMemory(project, { root, selectors: [], scratch, commit: null, dirty: false }),
  );
  const texts = files.live.map((file) => [file.path.replace(/^astraler\//, ''), file.content.toString('utf8')] as const);
  const workflows = path.join(root, '.github', 'workflows');
  return {
    units: Object.fromEntries(
      texts
        .filter(([name]) => name.endsWith('/main.tf.json'))
        .map(([name, text]) => [name.replace('/main.tf.json', ''), JSON.parse(text) as Json]),
    ),
    files: Object.fromEntries([
      ...texts.filter(([name]) => !name.endsWith('/main.tf.json')),
      ...readdirSync(workflows)
        .filter((name) => name.startsWith('astraler') || name === 'ci.yml')
        .map((name) => [name, readFileSync(path.join(workflows, name), 'utf8')]),
    ]),
    model: tree.model,
  };
}

/** Environments, and those that last. */
export const environments = ['preview', 'production', 'staging'] as const;
export const lasting = ['production', 'staging'] as const;

/** The application's Workers of an environment by their last word, with their units. */
export function workersOf(tree: AstralerTree, environment: string): Readonly<Record<string, Resource>> {
  return Object.fromEntries(
    resources(tree, `${environment}/`, 'cloudflare_workers_script').map((one) => [
      String(one.body['script_name']).replace(/^.*-/, ''),
      one,
    ]),
  );
}

/** A binding of a Worker by its name. */
export function binding(worker: Resource | undefined, name: string): Json | undefined {
  return at<readonly Json[]>(worker?.body, 'bindings')?.find((one) => one['name'] === name);
}

/** What an expression leads to: `type.attribute` of the resource or data source, or the text itself. */
export function end(tree: AstralerTree, unit: string, expression: unknown): string {
  const found = follow(tree, unit, expression);
  if (found !== undefined) return `${found.type}.${found.attribute}`;
  const data = /^\$\{data\.(\w+)\.[\w-]+\.(\w+)\}$/.exec(String(expression));
  return data === null ? String(expression) : `data.${data[1]}.${data[2]}`;
}

/** The name of the bucket that an expression leads to. */
export function bucketName(tree: AstralerTree, unit: string, expression: unknown): unknown {
  return target(tree, unit, expression)?.['name'];
}

/** The rules of a ruleset by its phase; nothing where there is none. */
export function rulesOf(tree: AstralerTree, phase: string): readonly Json[] {
  const found = resources(tree, '', 'cloudflare_ruleset').find(({ body }) => body['phase'] === phase);
  return at<readonly Json[]>(found?.body, 'rules') ?? [];
}
