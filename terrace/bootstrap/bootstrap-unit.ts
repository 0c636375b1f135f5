import { exitCodes, TerraceError } from '../base/errors';
import type { UnitModel } from '../model/model';
import { localStateName, readUnitJson, type TerraformFolder } from './terraform-folder';
import { adoptLeftovers } from './adopt';
import { refuseExisting } from './existing';
import { remoteState } from './remote-state';
import { bootstrapStage, stateHead, type StateHead } from './state-head';
import { clearUnstoredDigest } from './unstored-digest';
import { withLocalBackend } from './unit-json';

/** What a bootstrap did to one unit. */
export interface BootstrapResult {
  readonly unit: string;
  readonly outcome: 'created' | 'changed' | 'unchanged';
}

export interface BootstrapUnitOptions {
  readonly unit: UnitModel;
  /** The unit's synthesized folder. */
  readonly source: string;
  readonly folder: TerraformFolder;
  readonly env: NodeJS.ProcessEnv;
  /** Takes over what exists and no state describes, as after an interrupted run of another machine. */
  readonly adopt: boolean;
  /** Called before each step with what it does. */
  readonly onStep: (step: string) => void;
  /** Shown what a change of existing things would do, terraform's own words; false ends the bootstrap without it. */
  readonly confirm: (plan: string) => Promise<boolean>;
}

/**
 * Applies a unit that makes its own backend: with local state, which then moves into the bucket. A second run plans in the bucket
 * and changes nothing; a run after a kill between any two steps goes on where it stopped. What somebody else made is not touched.
 * Raises E4203 to E4205, E4211, E4215, and what AWS refuses.
 */
export async function bootstrapUnit(options: BootstrapUnitOptions): Promise<BootstrapResult> {
  const { unit, folder, source, env, onStep } = options;
  const remote = await remoteState(unit, env);
  const local = localHead(folder);
  const stage = bootstrapStage(unit.path, remote?.head, local);
  const isContinued = folder.isStarted();
  // Before the folder says that a run has begun: one that ends here must not let the next one take over what is somebody else's.
  if (stage === 'local' && !isContinued && !options.adopt) await refuseExisting(unit, readUnitJson(source), env);
  folder.fill(source);
  if (stage === 'remote') {
    const outcome = await applyRemote(options);
    folder.remove();
    return { unit: unit.path, outcome };
  }
  const json = folder.read();
  folder.write(withLocalBackend(json, localStateName));
  onStep('apply with local state');
  await folder.run(['init', '-input=false', '-reconfigure']);
  // What a run began that ended nowhere, or what is taken over on purpose: on the first run nothing of it exists.
  if (isContinued || options.adopt) await adoptLeftovers({ unit, folder, json, env, onStep });
  await folder.run(['apply', '-input=false', '-auto-approve']);
  onStep(`move the state to s3://${unit.backend.bucket}/${unit.backend.key}`);
  // Before terraform looks at the bucket for the first time, which it does in init.
  if (isContinued && remote === undefined) await clearUnstoredDigest(unit, env);
  folder.write(json);
  await folder.run(['init', '-input=false', '-reconfigure']);
  await folder.run(['state', 'push', localStateName]);
  const moved = await remoteState(unit, env);
  bootstrapStage(unit.path, moved?.head, localHead(folder));
  if (moved === undefined)
    throw new TerraceError({
      code: 'E4215',
      title: 'state not in bucket',
      place: unit.path,
      found: `terraform moved the state, and s3://${unit.backend.bucket}/${unit.backend.key} does not exist: the answer to its upload was untrue`,
      expected: 'the state in its bucket',
      todo: 'run the same command again from the same folder, which still has the state',
    });
  folder.remove();
  return { unit: unit.path, outcome: 'created' };
}

/** Plans a unit whose state is in its bucket, and applies what differs. */
async function applyRemote({
  unit,
  folder,
  onStep,
  confirm,
}: Pick<BootstrapUnitOptions, 'unit' | 'folder' | 'onStep' | 'confirm'>): Promise<'changed' | 'unchanged'> {
  onStep('compare with the state in the bucket');
  await folder.run(['init', '-input=false', '-reconfigure']);
  if (!(await planRemote(folder))) return 'unchanged';
  await requireYes(unit.path, folder, confirm);
  onStep('apply the changes');
  await applyPlanned(folder);
  return 'changed';
}

/** Plans with the state in the bucket; true where something is to be changed. `flags` are further ones of terraform. */
export async function planRemote(folder: TerraformFolder, ...flags: readonly string[]): Promise<boolean> {
  const { exitCode } = await folder.run(['plan', '-input=false', ...flags, '-detailed-exitcode', '-out=bootstrap.tfplan'], [0, 2]);
  return exitCode === 2;
}

/** Shows what {@link planRemote} planned, without what terraform calls sensitive, and asks. Raises E4208 (exit 1) without a yes. */
export async function requireYes(unit: string, folder: TerraformFolder, confirm: BootstrapUnitOptions['confirm']): Promise<void> {
  const { stdout } = await folder.run(['show', 'bootstrap.tfplan']);
  if (await confirm(stdout)) return;
  throw new TerraceError(
    {
      code: 'E4208',
      title: 'not confirmed',
      place: unit,
      found: 'it would change existing resources and was not confirmed',
      expected: 'a yes, or --yes',
      todo: 'read the plan above, then run it again and confirm, or add --yes',
    },
    exitCodes.failed,
  );
}

/** Applies what {@link planRemote} planned. */
export async function applyPlanned(folder: TerraformFolder, ...flags: readonly string[]): Promise<void> {
  await folder.run(['apply', '-input=false', ...flags, 'bootstrap.tfplan']);
}

function localHead(folder: TerraformFolder): StateHead | undefined {
  const text = folder.readLocalState();
  return text === undefined || text.trim() === '' ? undefined : stateHead(text, `${folder.options.folder}/${localStateName}`);
}
