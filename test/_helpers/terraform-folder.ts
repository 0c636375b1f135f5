import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { findTerraform } from '../../terrace/terraform/binary';
import { runTerraform, type TerraformResult } from '../../terrace/terraform/run';
import { temporaryFolder } from './sandbox';

/** A folder with one hand-written configuration, and the real terraform in it. */
export interface TerraformFolder {
  readonly dir: string;
  run(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<TerraformResult>;
}

/** Writes a configuration into a folder of its own. */
export function terraformFolder(configuration: object): TerraformFolder {
  const dir = path.join(temporaryFolder('terrace-terraform-'), 'unit');
  mkdirSync(dir);
  writeFileSync(path.join(dir, 'main.tf.json'), JSON.stringify(configuration, null, 2));
  return { dir, run: async (env, ...args) => runTerraform(await findTerraform(), { cwd: dir, args, env }) };
}
