import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { UnitModel } from '../../terrace/model/model';
import { run, type Outcome } from './scratch-project';

/** Real Terragrunt, with plain output and the terraform that TERRAFORM_BINARY names. */
export class Terragrunt {
  constructor(
    private readonly file: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly terraform = 'terraform',
  ) {}

  run(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    return run(this.file, args, {
      cwd,
      env: {
        ...this.env,
        TG_TF_PATH: this.terraform,
        TG_NO_COLOR: 'true',
        TG_NON_INTERACTIVE: 'true',
        TG_NO_TIPS: 'true',
        NO_COLOR: '1',
        CHECKPOINT_DISABLE: '1',
        ...env,
      },
    });
  }
}

/** One unit as `terragrunt find --json --dependencies` prints it. */
export interface FoundUnit {
  readonly type: string;
  readonly path: string;
  readonly dependencies?: readonly string[];
}

/** `backend "s3"` of a unit's JSON. */
export function backendOf(folder: string): Readonly<Record<string, unknown>> {
  const json: { terraform: { backend: { s3: Record<string, unknown> } } } = JSON.parse(
    readFileSync(path.join(folder, 'main.tf.json'), 'utf8'),
  );
  return json.terraform.backend.s3;
}

/** Values for a unit's required variables as `TF_VAR_*`; any value does where only names are compared. */
export function variablesOf(unit: UnitModel): Readonly<Record<string, string>> {
  return Object.fromEntries(unit.variables.filter(({ required }) => required).map(({ name }) => [`TF_VAR_${name}`, 'x'] as const));
}
