import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { Lab, LabUnit, LabUnits } from './lab-types';
import { projectRoot } from './project-root';
import { allOfSystems, scratchProject, type Outcome, type ScratchProject } from './scratch-project';
import { makeShopBackend, shopAccount } from './shop-tree';

/** A project of one system, `lab`, whose units are plain Terraform JSON, with a repository and a sandbox of its own. */
export interface LabProject extends ScratchProject {
  readonly env: NodeJS.ProcessEnv;
  /** Writes the source, and commits it. A table of units alone stands for those of dev/eu-central-1. */
  commit(lab: Lab | LabUnits, message?: string): void;
  /** Runs `terrace` in the sandbox. */
  run(...args: readonly string[]): Promise<Outcome>;
  /** Path of a unit of dev/eu-central-1. */
  path(id: string): string;
}

const region = 'eu-central-1';

/** The lab with these units in dev/eu-central-1. */
export function labOf(units: LabUnits, rest: Omit<Lab, 'environments'> & { readonly account?: string } = {}): Lab {
  const { account = shopAccount, ...root } = rest;
  return { ...root, environments: { dev: { account, regions: { [region]: units } } } };
}

/** Blocks of a unit that uses the simulated provider of AWS. */
export function awsBlocks(resources: { readonly [type: string]: { readonly [name: string]: unknown } }): NonNullable<LabUnit['json']> {
  return {
    'provider.aws': { region },
    'terraform.required_providers': { aws: { source: 'hashicorp/aws', version: '6.25.0' } },
    ...Object.fromEntries(Object.entries(resources).map(([type, named]) => [`resource.${type}`, named])),
  };
}

/** Blocks of a unit that needs no provider: a `terraform_data` for each name. */
export function dataBlocks(inputs: { readonly [name: string]: unknown }): NonNullable<LabUnit['json']> {
  return { 'resource.terraform_data': Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, { input }])) };
}

/** What refers to an output of another unit. */
export function read(id: string, output: string): string {
  return `\${data.terraform_remote_state.${id.replaceAll(/[/-]/g, '_')}.outputs.${output}}`;
}

/** Makes the project, with an empty state bucket and a lock table in each account. */
export async function labProject(lab: Lab | LabUnits, accounts: readonly string[] = [shopAccount]): Promise<LabProject> {
  const project = scratchProject({ without: [...allOfSystems, 'backend', 'modules'] });
  cpSync(path.join(projectRoot, 'test', '_helpers', 'lab-main.ts'), path.join(project.root, 'main.ts'));
  cpSync(path.join(projectRoot, 'test', '_helpers', 'lab-types.ts'), path.join(project.root, 'lab-types.ts'));
  mkdirSync(path.join(project.root, 'stacks'), { recursive: true });
  const commit: LabProject['commit'] = (now, message = 'change the lab') => {
    const whole = 'environments' in now ? now : labOf(now);
    writeFileSync(path.join(project.root, 'stacks', 'lab.json'), `${JSON.stringify(whole, null, 2)}\n`);
    project.git('add', '--all');
    project.git('commit', '--quiet', '--allow-empty', '--message', message);
  };
  project.git('init', '--quiet', '--initial-branch=main');
  commit(lab, 'base');
  const env = { ...(await project.sandbox(shopAccount)), TERRACE_SANDBOX_UNJUDGED: 'yes' };
  for (const account of accounts) await makeShopBackend({ ...env, AWS_ACCESS_KEY_ID: `SANDBOX${account}` }, account);
  return { ...project, env, commit, run: (...args) => project.terrace(args, env), path: (id) => `lab/dev/${region}/${id}` };
}
