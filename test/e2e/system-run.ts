import { rmSync } from 'node:fs';
import path from 'node:path';

import type { System, TreeApp } from 'terrace';

import { bootstrap } from '../../terrace/cli/bootstrap-project';
import type { Model } from '../../terrace/model/model';
import { synthesizeProject } from '../../terrace/synth/synthesize';
import { findTerraform } from '../../terrace/terraform/binary';
import { runTerraform, type TerraformResult } from '../../terrace/terraform/run';
import { projectRoot } from '../_helpers/project-root';
import { temporaryFolder, testSandbox, type TestSandbox } from '../_helpers/sandbox';

/** A system in a sandbox of its own: a synthesized tree, and terraform as people run it. */
export interface SystemRun<V> {
  readonly sandbox: TestSandbox;
  readonly tree: string;
  readonly model: Model;
  readonly env: NodeJS.ProcessEnv;
  /** Synthesizes again, with other values. */
  synthesize(values: V): Promise<void>;
  /** Paths of the units under a prefix, in the order of their waves. */
  units(prefix: string): readonly string[];
  terraform(unit: string, ...args: readonly string[]): Promise<TerraformResult>;
  /** `terraform init`, then one command, in each unit; gives the exit codes by unit. */
  each(units: readonly string[], ...args: readonly string[]): Promise<Readonly<Record<string, number>>>;
  dispose(): Promise<void>;
}

export interface SystemStart<V> {
  readonly name: string;
  /** The account that holds its states. */
  readonly account: string;
  readonly build: (app: TreeApp, values: V) => System;
  readonly values: V;
}

/** Starts a sandbox, synthesizes the system into a folder and makes the bucket, the key and the table of production's states. */
export async function startSystem<V>({ name, account, build, values: usual }: SystemStart<V>): Promise<SystemRun<V>> {
  const sandbox = await testSandbox();
  const tree = temporaryFolder(`terrace-${name}-`);
  const synthesize = async (values: V): Promise<Model> => {
    const project = { systems: { [name]: async () => (app: TreeApp) => build(app, values) } };
    const report = await synthesizeProject(project, { root: projectRoot, selectors: [], out: tree, commit: null, dirty: false });
    return report.model;
  };
  const model = await synthesize(usual);
  const env = sandbox.env({ account, units: model.units });
  await bootstrap({ project: () => projectRoot, includePlanned: false }, model, name, 'production', { onStep: () => undefined, env });
  const binary = await findTerraform(env);
  const terraform = (unit: string, ...args: readonly string[]): Promise<TerraformResult> =>
    runTerraform(binary, { cwd: path.join(tree, unit), args: [...args, '-no-color'], env });
  return {
    sandbox,
    tree,
    model,
    env,
    synthesize: async (values) => void (await synthesize(values)),
    units: (prefix) =>
      model.units
        .filter((unit) => unit.path.startsWith(prefix) && !unit.bootstrap)
        .toSorted((a, b) => a.wave - b.wave || (a.path < b.path ? -1 : 1))
        .map((unit) => unit.path),
    terraform,
    each: async (units, ...args) => {
      const codes: Record<string, number> = {};
      for (const unit of units) {
        const init = await terraform(unit, 'init', '-input=false');
        if (init.exitCode !== 0) throw new Error(`${unit}: ${init.stderr}`);
        const done = await terraform(unit, ...args);
        if (done.exitCode === 1 && process.env['TERRACE_DEBUG'] !== undefined) process.stderr.write(`${unit}\n${done.stderr}\n`);
        codes[unit] = done.exitCode;
      }
      return codes;
    },
    dispose: async () => {
      await sandbox.dispose();
      rmSync(tree, { recursive: true, force: true });
    },
  };
}

/** The same exit code for each unit. */
export function all(units: readonly string[], code: number): Readonly<Record<string, number>> {
  return Object.fromEntries(units.map((unit) => [unit, code]));
}
