import { TerraceError, exitCodes } from '../base/errors';
import type { UnitModel } from '../model/model';
import { recordKey, recordSuffix, stateKeyBeside } from '../state/applied-record';
import { lockFileKey } from '../state/state-access';
import { currentKeys, emptyBucket, stateKeys } from './bucket-contents';
import { bucketExists, remoteState } from './remote-state';
import { stateHead } from './state-head';
import { localStateName, type TerraformFolder } from './terraform-folder';
import { namedResources, withLocalBackend, withoutProtection } from './unit-json';

export interface DestroyBackendOptions {
  readonly unit: UnitModel;
  readonly source: string;
  readonly folder: TerraformFolder;
  readonly env: NodeJS.ProcessEnv;
  readonly onStep: (step: string) => void;
}

/**
 * What keeps a backend from being destroyed: states (and other objects) of units in its bucket, beside its own state and record.
 * Raises E4206 naming them, with exit code 3.
 */
export async function requireEmptyBackend(unit: UnitModel, env: NodeJS.ProcessEnv): Promise<void> {
  const { bucket, key } = unit.backend;
  if (!(await bucketExists(bucket, unit, env))) return;
  const isState = stateKeys(unit);
  const own = new Set([key, recordKey(key), lockFileKey(unit.backend)]);
  // What an environment accepted goes with the last of its states.
  const others = (await currentKeys(bucket, unit, env)).filter((one) => !own.has(one) && !/(?:^|\/)accepted\.json$/.test(one));
  const states: string[] = [];
  for (const one of others) if (!(isState(one) && (await isEmptyState(unit, one, env)))) states.push(one);
  const left = states.filter((one) => !one.endsWith(recordSuffix) || states.includes(stateKeyBeside(one)));
  if (left.length > 0)
    throw new TerraceError(
      {
        code: 'E4206',
        title: 'backend in use',
        place: unit.path,
        found: `s3://${bucket} still holds ${left.slice(0, 10).join(', ')}${left.length > 10 ? ` and ${left.length - 10} more` : ''}`,
        expected: 'no state of another unit that still has resources',
        todo: 'destroy those units first: terrace plan <selectors> --destroy',
      },
      exitCodes.refused,
    );
}

/** A bucket that no state describes was left by an interrupted bootstrap, which knows how to take it over. */
async function refuseWithoutState(unit: UnitModel, env: NodeJS.ProcessEnv): Promise<void> {
  if (!(await bucketExists(unit.backend.bucket, unit, env))) return;
  throw new TerraceError({
    code: 'E4209',
    title: 'backend without a state',
    place: unit.path,
    found: `s3://${unit.backend.bucket} exists, and no state describes it`,
    expected: "the backend's own state in it",
    todo: `finish the bootstrap first: terrace backend bootstrap ${unit.system}/${unit.environment}`,
  });
}

async function isEmptyState(unit: UnitModel, key: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const state = await remoteState({ ...unit, backend: { ...unit.backend, key } }, env);
  return state === undefined || state.head.resources === 0;
}

/**
 * Removes a backend: its state moves out of the bucket into the work folder, the protections are lifted, the buckets emptied of all
 * versions, everything destroyed. A run after a kill goes on from the local state.
 * Raises E4206 while the bucket holds other states, E4209 for a bucket that no state describes, E4205 where terraform fails.
 */
export async function destroyBackend(options: DestroyBackendOptions): Promise<'destroyed' | 'absent'> {
  const { unit, folder, source, env, onStep } = options;
  await requireEmptyBackend(unit, env);
  const local = folder.readLocalState();
  const hasLocal = local !== undefined && local.trim() !== '' && stateHead(local, folder.options.folder).resources > 0;
  const remote = hasLocal ? undefined : await remoteState(unit, env);
  if (!hasLocal && remote === undefined) {
    folder.remove();
    await refuseWithoutState(unit, env);
    return 'absent';
  }
  folder.fill(source);
  const json = folder.read();
  const unprotected = withLocalBackend(withoutProtection(json), localStateName);
  if (remote !== undefined) {
    onStep('move the state out of the bucket');
    folder.writeLocalState(remote.text);
  }
  folder.write(unprotected);
  await folder.run(['init', '-input=false', '-reconfigure']);
  onStep('lift the protections');
  // What an earlier run has destroyed already is not made again for it.
  const targets = hasLocal ? (await addressesIn(folder)).map((address) => `-target=${address}`) : [];
  await folder.run(['apply', '-input=false', '-auto-approve', ...targets]);
  for (const { name } of namedResources(json, 'aws_s3_bucket', 'bucket'))
    if (await bucketExists(name, unit, env)) onStep(`empty ${name}: ${await emptyBucket(name, unit, env)} versions removed`);
  onStep('destroy bucket, key and table');
  await folder.run(['destroy', '-input=false', '-auto-approve']);
  folder.remove();
  return 'destroyed';
}

/** Addresses of what the local state holds. */
async function addressesIn(folder: TerraformFolder): Promise<readonly string[]> {
  const { stdout } = await folder.run(['state', 'list']);
  return stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/(?:^|\.)data\./.test(line));
}
