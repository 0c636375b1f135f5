import { awsError, isAwsError } from '../../aws/aws-error';
import { openState } from '../../state/state-access';
import type { Model, UnitModel } from '../../model/model';
import { holdsResources, previousState } from '../target/moved-state';
import { accessOf } from '../target/plan-target';
import type { DeliveryContext } from '../terraform/context';

import type { AppliedRecord } from '../record/record';

/** A state in the bucket of an environment that no unit of the tree owns. */
export interface Orphan {
  /** `<system>/<environment>/<region>/<layer>/<unit>`, by its key. */
  readonly unit: string;
  readonly bucket: string;
  readonly key: string;
  /** Undefined where Terrace never applied it. */
  readonly record: AppliedRecord | undefined;
  /** Unit whose source says that this state moves to it, where it did not arrive yet. Never destroyed. */
  readonly movesTo?: string;
}

/**
 * States below an environment's keys that no unit owns and that still hold something. Looks only at whole environments: `model` must hold
 * every unit of those that it names.
 */
export async function orphansOf(context: DeliveryContext, model: Model, environments: readonly string[]): Promise<readonly Orphan[]> {
  const owned = new Set(model.units.map((unit) => `${unit.backend.bucket}/${unit.backend.key}`));
  const found: Orphan[] = [];
  const claims = new Map<string, UnitModel>();
  for (const unit of model.units) {
    const backend = previousState(model, unit)?.target.backend;
    if (backend !== undefined) claims.set(`${backend.bucket}/${backend.key}`, unit);
  }
  const places = new Map<string, UnitModel>();
  for (const unit of model.units)
    if (environments.includes(`${unit.system}/${unit.environment}`))
      places.set(`${unit.backend.bucket} ${unit.system}/${unit.environment}`, unit);
  for (const sample of places.values()) {
    const env = await context.accounts.environmentFor(sample, accessOf(model, sample));
    const prefix = `${model.systems.find((system) => system.name === sample.system)?.keyPrefix ?? ''}${sample.environment}/`;
    for (const key of await stateKeys(sample, prefix, env)) {
      if (owned.has(`${sample.backend.bucket}/${key}`)) continue;
      const path = `${sample.system}/${key.slice(key.indexOf(prefix) + prefix.length - sample.environment.length - 1).replace(/\/terraform\.tfstate$/, '')}`;
      const target = { path, backend: { ...sample.backend, key } };
      const [state, record] = [await context.states.read(target, env), await context.states.readRecord(target, env)];
      if (state === undefined || record?.status === 'destroyed' || !holdsResources(state)) continue;
      const claim = claims.get(`${sample.backend.bucket}/${key}`);
      const movesTo = claim !== undefined && (await isWaitedFor(context, model, claim, state.lineage)) ? claim.path : undefined;
      found.push({ unit: path, bucket: sample.backend.bucket, key, record, ...(movesTo === undefined ? {} : { movesTo }) });
    }
  }
  return found.toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
}

/** True where the unit that a state moves to has nothing yet, or a copy of it that a broken-off move left. */
async function isWaitedFor(context: DeliveryContext, model: Model, unit: UnitModel, lineage: string): Promise<boolean> {
  const state = await context.states.read(unit, await context.accounts.environmentFor(unit, accessOf(model, unit)));
  return state === undefined || !holdsResources(state) || state.lineage === lineage;
}

async function stateKeys(sample: UnitModel, prefix: string, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const access = await openState(sample, env);
  const keys: string[] = [];
  try {
    const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
    let token: string | undefined;
    do {
      const page: import('@aws-sdk/client-s3').ListObjectsV2CommandOutput = await access.s3.send(
        new ListObjectsV2Command({
          Bucket: sample.backend.bucket,
          Prefix: prefix,
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      );
      keys.push(...(page.Contents ?? []).flatMap((object) => (object.Key?.endsWith('/terraform.tfstate') === true ? [object.Key] : [])));
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
    return keys;
  } catch (error) {
    if (isAwsError(error, 'NoSuchBucket')) return [];
    throw awsError(error, {
      place: `${sample.system}/${sample.environment}`,
      doing: 'list the states',
      target: `s3://${sample.backend.bucket}/${prefix} (${sample.backend.region})`,
    });
  } finally {
    access.close();
  }
}
