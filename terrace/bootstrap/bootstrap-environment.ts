import path from 'node:path';

import type { EnvironmentModel, Model, UnitModel } from '../model/model';
import { recordedBootstrap } from './recorded-bootstrap';
import { exitCodes, TerraceError } from '../base/errors';
import { unitProblems } from '../delivery/judgement/unit-problems';
import { readUnitFiles } from '../delivery/tree/unit-files';
import { readModel } from '../model/model-file';
import type { TerraformBinary } from '../terraform/binary';
import { accountEnvironment } from '../aws/credentials';
import { applyPlanned, bootstrapUnit, planRemote, requireYes, type BootstrapResult } from './bootstrap-unit';
import { requireBackend } from './existing';
import { bootstrapPlan } from './owners';
import { remoteState } from './remote-state';
import { TerraformFolder } from './terraform-folder';

export interface BootstrapOptions {
  /** Every unit that may own one of the environment's buckets. */
  readonly model: Model;
  readonly system: string;
  readonly environment: string;
  /** Root of a synthesized tree that holds the units to apply. */
  readonly tree: string;
  /** Folder for local states and logs; what is left in it is what the next run goes on from. */
  readonly work: string;
  readonly binary: TerraformBinary;
  readonly env: NodeJS.ProcessEnv;
  /** Takes over a bucket, key and table that exist and that no state describes. @default false */
  readonly adopt?: boolean;
  readonly onStep: (unit: UnitModel, step: string) => void;
  /** Shown what a change of existing things would do; false ends the bootstrap without it. */
  readonly confirm: (unit: UnitModel, plan: string) => Promise<boolean>;
  readonly signal?: AbortSignal;
}

/**
 * Bootstraps the buckets that an environment's states need, then applies its other units that need an administrator, each under its
 * state's lock and with the record that every apply leaves.
 * Raises E42xx, and what AWS refuses.
 */
export async function bootstrapEnvironment(options: BootstrapOptions): Promise<readonly BootstrapResult[]> {
  const { owners, others, elsewhere } = bootstrapPlan(options.model, options.system, options.environment);
  const source = readModel(options.tree);
  const commit = source.dirty ? null : source.commit;
  const results: BootstrapResult[] = [];
  for (const unit of elsewhere) {
    await requireBackend(unit, await unitEnvironment(options.model, unit, options.env));
    options.onStep(unit, `keeps its state in ${unit.backend.bucket}, which exists`);
  }
  for (const unit of [...owners, ...others]) {
    const env = await unitEnvironment(options.model, unit, options.env);
    const folder = new TerraformFolder({
      unit: unit.path,
      folder: path.join(options.work, unit.path),
      binary: options.binary,
      env,
      variables: unit.variables,
      log: path.join(options.work, 'logs', `${unit.stackId}.log`),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const files = path.join(options.tree, unit.path);
    const judged = await unitProblems({ unit, files: readUnitFiles(options.tree, unit.path), provisioners: false });
    if (judged.length > 0) throw new TerraceError(judged, exitCodes.refused);
    const onStep = (step: string): void => options.onStep(unit, step);
    const confirm = (plan: string): Promise<boolean> => options.confirm(unit, plan);
    if (unit.bootstrap) {
      results.push(await bootstrapUnit({ unit, source: files, folder, env, adopt: options.adopt ?? false, onStep, confirm }));
      continue;
    }
    folder.fill(files);
    const isFirst = (await remoteState(unit, env)) === undefined;
    onStep('compare with the state in the bucket');
    await folder.run(['init', '-input=false', '-reconfigure']);
    const outcome = await recordedBootstrap({
      unit,
      files: readUnitFiles(options.tree, unit.path),
      commit,
      terraform: options.binary,
      env,
      plan: async () => {
        const changes = await planRemote(folder, '-lock=false');
        // Before the record: a no leaves everything as it is.
        if (changes && !isFirst) await requireYes(unit.path, folder, confirm);
        return changes;
      },
      apply: () => {
        onStep('apply the changes');
        return applyPlanned(folder, '-lock=false');
      },
    });
    results.push({ unit: unit.path, outcome: isFirst && outcome === 'changed' ? 'created' : outcome });
    folder.remove();
  }
  return results;
}

/** The variables of a terraform process for one unit: its environment's credentials, compared with its account. */
export async function unitEnvironment(model: Model, unit: UnitModel, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const environment = environmentOf(model, unit);
  return accountEnvironment(
    {
      environment: `${unit.system}/${unit.environment}`,
      account: environment.stateAccount,
      credentials: environment.credentials,
      region: unit.backend.region,
    },
    env,
  );
}

function environmentOf(model: Model, unit: UnitModel): EnvironmentModel {
  const found = model.systems.find(({ name }) => name === unit.system)?.environments.find(({ name }) => name === unit.environment);
  if (found === undefined) throw new RangeError(`the model has ${unit.path}, but not its environment`);
  return found;
}
