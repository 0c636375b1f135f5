import type { UnitModel } from '../model/model';
import { contentDigest, type UnitFiles } from '../model/content-digest';
import { remoteStatesOf } from '../terraform/remote-states';
import { readUpstreams } from '../delivery/record/upstreams';
import { awsStates, type StateObject, type States } from '../delivery/record/states';

import type { AppliedRecord } from '../delivery/record/record';
import { recordOf } from '../delivery/record/record-of';

/** A unit that an administrator applies without a bundle, its state in a bucket that exists. */
export interface RecordedBootstrap {
  readonly unit: UnitModel;
  /** Its synthesized files. */
  readonly files: UnitFiles;
  /** Commit that the files were made from; null where they differ from it. */
  readonly commit: string | null;
  readonly terraform: { readonly name: string; readonly version: string };
  /** Variables with the credentials of its environment. */
  readonly env: NodeJS.ProcessEnv;
  /** True where something is to be changed. Terrace holds the lock meanwhile: terraform takes none. */
  readonly plan: () => Promise<boolean>;
  /** Applies what was planned. */
  readonly apply: () => Promise<void>;
  /** @default those in S3 */
  readonly states?: States;
  /** @default the clock */
  readonly now?: () => Date;
}

/**
 * Plans and applies a unit under its state's lock, with the same record beside the state that an approved apply leaves: `applying` before
 * terraform changes anything, how it ended afterwards. Raises E4401 (exit 4) where the lock is held, and what `plan` and `apply` raise.
 */
export async function recordedBootstrap(options: RecordedBootstrap): Promise<'changed' | 'unchanged'> {
  const { unit, env, states = awsStates, now = () => new Date() } = options;
  return states.locked(unit, env, 'terrace backend bootstrap', async () => {
    const json: unknown = JSON.parse(Buffer.from(options.files.get('main.tf.json') ?? Buffer.from('{}')).toString('utf8'));
    const files = contentDigest(options.files);
    const record = recordOf({
      unit: unit.path,
      commit: options.commit,
      files,
      bundle: files,
      round: 1,
      state: headOf(await states.read(unit, env)),
      upstreams: await readUpstreams(unit, remoteStatesOf(json), states, env),
      json,
      terraform: options.terraform,
      now: now(),
    });
    const ended = async (status: AppliedRecord['status']): Promise<void> =>
      states.writeRecord(unit, env, { ...record, status, state: headOf(await states.read(unit, env)), at: now().toISOString() });
    if (!(await options.plan())) {
      await ended('applied');
      return 'unchanged';
    }
    await states.writeRecord(unit, env, record);
    try {
      await options.apply();
    } catch (error) {
      // Where this cannot be written either, the record goes on to say `applying`, and what terraform said counts more.
      await ended('failed').catch(() => undefined);
      throw error;
    }
    await ended('applied');
    return 'changed';
  });
}

function headOf(state: StateObject | undefined): AppliedRecord['state'] {
  return { lineage: state?.lineage ?? null, serial: state?.serial ?? 0 };
}
