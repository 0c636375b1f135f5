import { rmSync } from 'node:fs';
import path from 'node:path';

import { astra } from '../../../stacks/astra/system';
import { bootstrap } from '../../../terrace/cli/bootstrap-project';
import { synthesizeProject } from '../../../terrace/synth/synthesize';
import { findTerraform } from '../../../terrace/terraform/binary';
import { runTerraform, type TerraformResult } from '../../../terrace/terraform/run';
import { projectRoot } from '../../_helpers/project-root';
import { temporaryFolder, testSandbox } from '../../_helpers/sandbox';

/** astra in a sandbox of its own: a synthesized tree, production included, and terraform as people run it. */
export interface AstraRun {
  /** Paths of the units of an environment, in the order of their waves. */
  units(environment: string): readonly string[];
  /** `terraform init` where it has not run, then one command. */
  terraform(unit: string, ...args: readonly string[]): Promise<TerraformResult>;
  /** One command in each unit; gives the exit codes by unit. */
  each(units: readonly string[], ...args: readonly string[]): Promise<Readonly<Record<string, number>>>;
  dispose(): Promise<void>;
}

/** Starts a sandbox, synthesizes astra into a folder and makes the bucket, the key and the table of its states. */
export async function startAstra(): Promise<AstraRun> {
  const sandbox = await testSandbox();
  const tree = temporaryFolder('terrace-astra-');
  const project = { systems: { astra: async () => astra } };
  const { model } = await synthesizeProject(project, {
    root: projectRoot,
    selectors: [],
    out: tree,
    commit: null,
    dirty: false,
    includePlanned: true,
  });
  const env = sandbox.env({ account: '567890123456', units: model.units });
  await bootstrap({ project: () => projectRoot, includePlanned: false }, model, 'astra', 'development', { onStep: () => undefined, env });
  const binary = await findTerraform(env);
  const ready = new Set<string>();
  const run = (unit: string, args: readonly string[]): Promise<TerraformResult> =>
    runTerraform(binary, { cwd: path.join(tree, unit), args: [...args, '-no-color'], env });
  const terraform = async (unit: string, ...args: readonly string[]): Promise<TerraformResult> => {
    if (!ready.has(unit)) {
      const init = await run(unit, ['init', '-input=false']);
      if (init.exitCode !== 0) throw new Error(`${unit}: ${init.stderr}`);
      ready.add(unit);
    }
    return run(unit, args);
  };
  return {
    units: (environment) =>
      model.units
        .filter((unit) => unit.path.startsWith(`astra/${environment}/`) && !unit.bootstrap)
        .toSorted((a, b) => a.wave - b.wave || (a.path < b.path ? -1 : 1))
        .map((unit) => unit.path),
    terraform,
    each: async (units, ...args) => {
      const codes: Record<string, number> = {};
      for (const unit of units) codes[unit] = (await terraform(unit, ...args)).exitCode;
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
