import { TerraceError, exitCodes } from '../../terrace/errors';
import type { UnitModel } from '../../terrace/model/model';
import { currentKeys, emptyBucket } from './bucket-contents';
import { bucketExists, remoteState } from './remote-state';
import { stateHead } from './state-head';
import type { TerraformFolder } from './terraform-folder';
import { namedResources, withLocalBackend, withoutProtection } from './unit-json';

export interface DestroyBackendOptions {
  readonly unit: UnitModel;
  readonly source: string;
  readonly folder: TerraformFolder;
  readonly env: NodeJS.ProcessEnv;
  onStep(step: string): void;
}

/**
 * What keeps a backend from being destroyed: states (and other objects) of units in its bucket, beside its own state and record.
 * Raises E4206 naming them, with exit code 3.
 */
export async function requireEmptyBackend(unit: UnitModel, env: NodeJS.ProcessEnv): Promise<void> {
  const { bucket, key } = unit.backend;
  if (!(await bucketExists(bucket, unit, env))) return;
  const own = key.slice(0, key.lastIndexOf('/') + 1);
  const others = (await currentKeys(bucket, unit, env)).filter((one) => !one.startsWith(own));
  const states: string[] = [];
  for (const one of others) if (!(one.endsWith('/terraform.tfstate') && (await isEmptyState(unit, one, env)))) states.push(one);
  const left = states.filter((one) => !one.endsWith('/applied.json') || states.includes(one.replace(/applied\.json$/, 'terraform.tfstate')));
  if (left.length > 0)
    throw new TerraceError(
      {
        code: 'E4206',
        title: 'backend in use',
        place: unit.path,
        found: `s3://${bucket} still holds ${left.slice(0, 10).join(', ')}${left.length > 10 ? ` and ${left.length - 10} more` : ''}`,
        expected: 'no state of another unit with resources in it',
        todo: 'destroy those units first: terrace plan <selectors> --destroy',
      },
      exitCodes.refused,
    );
}

async function isEmptyState(unit: UnitModel, key: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const state = await remoteState({ ...unit, backend: { ...unit.backend, key } }, env);
  return state === undefined || state.head.resources === 0;
}

/**
 * Removes a backend: its state moves out of the bucket into the work folder, the protections are lifted, the buckets emptied of all
 * versions, everything destroyed. A run after a kill goes on from the local state.
 * Raises E4206 while the bucket holds other states, E4205 where terraform fails.
 */
export async function destroyBackend(options: DestroyBackendOptions): Promise<'destroyed' | 'absent'> {
  const { unit, folder, source, env, onStep } = options;
  await requireEmptyBackend(unit, env);
  const local = folder.readLocalState();
  const hasLocal = local !== undefined && local.trim() !== '' && stateHead(local, folder.options.folder).resources > 0;
  const remote = hasLocal ? undefined : await remoteState(unit, env);
  if (!hasLocal && remote === undefined) {
    folder.remove();
    return 'absent';
  }
  folder.fill(source);
  const json = folder.read();
  const unprotected = withLocalBackend(withoutProtection(json));
  if (!hasLocal) {
    onStep('move the state out of the bucket');
    await folder.run(['init', '-input=false', '-reconfigure']);
    folder.write(unprotected);
    await folder.run(['init', '-input=false', '-migrate-state', '-force-copy']);
  } else {
    folder.write(unprotected);
    await folder.run(['init', '-input=false', '-reconfigure']);
  }
  onStep('lift the protections');
  await folder.run(['apply', '-input=false', '-auto-approve']);
  for (const { name } of namedResources(json, 'aws_s3_bucket', 'bucket'))
    if (await bucketExists(name, unit, env)) onStep(`empty ${name}: ${await emptyBucket(name, unit, env)} versions removed`);
  onStep('destroy bucket, key and table');
  await folder.run(['destroy', '-input=false', '-auto-approve']);
  folder.remove();
  return 'destroyed';
}
