import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { TerraceError } from '../base/errors';
import { withScratch } from '../synth/synthesize';
import { buildTree, type BuiltTree, type Project } from '../tree/project';

import { atlantisFiles } from './atlantis/atlantis';
import { refuseRulesThatGatesCannotCarry } from './carried-rules';
import { deliveryOf, type SystemDelivery } from './delivery';
import { pinnedActions } from './github/actions';
import { githubFiles } from './github/github';

export type Engine = 'github' | 'atlantis';

/** What an engine's files should be, by path. Raises E0501 to E0503, and what building the tree raises. */
export async function pipelineFiles(project: Project, root: string, engine: Engine): Promise<ReadonlyMap<string, string>> {
  const tree = await builtTree(project, root);
  if (engine === 'atlantis') return atlantisFiles(tree.model, readFileSync(path.join(root, '.terraform-version'), 'utf8').trim());
  const systems = deliveriesOf(tree);
  await refuseRulesThatGatesCannotCarry(root, systems);
  return githubPipelines(root, systems);
}

/** The files for GitHub of systems whose deliveries are known. Raises E0501 and E0502. */
export function githubPipelines(root: string, systems: readonly SystemDelivery[]): ReadonlyMap<string, string> {
  const terraformVersion = readFileSync(path.join(root, '.terraform-version'), 'utf8').trim();
  const own = existsSync(path.join(root, 'terrace', 'build', 'program.js'));
  return githubFiles(systems, { branch: branchOf(systems), action: pinnedActions(root), terraformVersion, nodeVersion: '22', own });
}

/** Every system whose root has a pipeline, by name. */
export async function deliveries(project: Project, root: string): Promise<readonly SystemDelivery[]> {
  return deliveriesOf(await builtTree(project, root));
}

async function builtTree(project: Project, root: string): Promise<BuiltTree> {
  return await withScratch(root, (scratch) => buildTree(project, { selectors: [], scratch, commit: null, dirty: false }));
}

function deliveriesOf({ systems, model }: BuiltTree): readonly SystemDelivery[] {
  return systems
    .flatMap(({ name, values, stateKeyTemplate, environments }) => {
      const guarded = environments.flatMap((one) => (one.values.protected === true ? [one.name] : []));
      return values.ci === undefined ? [] : [deliveryOf(name, values.ci, model, stateKeyTemplate, guarded)];
    })
    .toSorted((a, b) => (a.system < b.system ? -1 : 1));
}

function branchOf(systems: readonly SystemDelivery[]): string {
  const [branch = 'main', ...others] = [...new Set(systems.map((system) => system.branch))];
  if (others.length === 0) return branch;
  throw new TerraceError({
    code: 'E0501',
    title: 'pipeline cannot be made',
    found: `the systems of one repository are applied from ${[branch, ...others].join(' and ')}`,
    expected: 'one branch',
    todo: 'give every root the same ci.branch',
  });
}

/** Files that differ from what they should be, sorted. */
export function differingFiles(root: string, files: ReadonlyMap<string, string>): readonly string[] {
  return [...files]
    .filter(([file, content]) => !existsSync(path.join(root, file)) || readFileSync(path.join(root, file), 'utf8') !== content)
    .map(([file]) => file)
    .toSorted();
}

/** Writes files; what is the same stays untouched. Gives the names of those written. */
export function writePipelineFiles(root: string, files: ReadonlyMap<string, string>): readonly string[] {
  const differing = differingFiles(root, files);
  for (const file of differing) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), files.get(file) ?? '');
  }
  return differing;
}
