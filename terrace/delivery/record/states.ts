import { awsError, isAwsError } from '../../aws/aws-error';
import { objectText } from '../../aws/object-text';
import { recordKey } from '../../state/applied-record';
import { lockPlaces } from '../../state/lock/lock-places';
import { newLockInfo, type LockInfo } from '../../state/lock/lock-info';
import { requireDigest } from '../../state/pull';
import { refuseSimulated } from '../../state/state-file';
import { describeHolder, withStateLock } from '../../state/lock/with-state-lock';
import { encryptionOf, lockItemId, openState, stateUrl, type StateAccess, type StateTarget } from '../../state/state-access';
import { exitCodes, TerraceError } from '../../base/errors';
import { parseRecord, type AppliedRecord } from './record';
import { isObject, type Json } from '../../base/json';
import { failed } from '../problems';
import { messageOf } from '../../base/message';

/** A state, as far as the delivery decides by it. */
export interface StateObject {
  readonly lineage: string;
  readonly serial: number;
  readonly outputs: { readonly [name: string]: { readonly value: Json; readonly sensitive: boolean } };
  readonly text: string;
}

/** States, records and locks of units; `env` holds the credentials of the unit's environment. */
export interface States {
  /** Undefined where there is none. Raises E4507 (exit 3) for simulated resources outside of the sandbox. */
  read(target: StateTarget, env: NodeJS.ProcessEnv): Promise<StateObject | undefined>;
  readRecord(target: StateTarget, env: NodeJS.ProcessEnv): Promise<AppliedRecord | undefined>;
  writeRecord(target: StateTarget, env: NodeJS.ProcessEnv, record: AppliedRecord): Promise<void>;
  /** Runs under the state's lock. Raises E4401 (exit 4) with the holder where it is held. */
  locked<T>(target: StateTarget, env: NodeJS.ProcessEnv, info: string, run: () => Promise<T>): Promise<T>;
  /** Raises E4509 where the digest beside a state is not that of its text, with the command that mends it. */
  requireDigest(target: StateTarget, env: NodeJS.ProcessEnv, text: string): Promise<void>;
  /** Keys in the bucket of a target with this beginning and this end, sorted; none where there is no bucket. */
  keys(target: StateTarget, env: NodeJS.ProcessEnv, prefix: string, suffix: string): Promise<readonly string[]>;
  /** Names of buckets that begin with a text; none where they may not be listed. */
  buckets(target: StateTarget, env: NodeJS.ProcessEnv, prefix: string): Promise<readonly string[]>;
  /** Who holds the lock; undefined where nobody does. */
  holder(target: StateTarget, env: NodeJS.ProcessEnv): Promise<LockInfo | undefined>;
}

/** The states in S3, with the locks terraform knows. */
export const awsStates: States = {
  read: (target, env) =>
    opened(target, env, async (access) => {
      const text = await readObject(access, target.backend.key, 'read the state');
      if (text === undefined) return undefined;
      const state = parseState(text, target);
      refuseSimulated(text, target.path, env);
      return state;
    }),
  readRecord: (target, env) =>
    opened(target, env, async (access) => {
      const key = recordKey(target.backend.key);
      const text = await readObject(access, key, 'read the record');
      return text === undefined ? undefined : parseRecord(text, `s3://${target.backend.bucket}/${key}`);
    }),
  writeRecord: (target, env, record) =>
    opened(target, env, async (access) => {
      const { PutObjectCommand } = await import('@aws-sdk/client-s3');
      try {
        await access.s3.send(
          new PutObjectCommand({
            Bucket: target.backend.bucket,
            Key: recordKey(target.backend.key),
            Body: `${JSON.stringify(record)}\n`,
            ContentType: 'application/json',
            ...encryptionOf(target.backend),
          }),
        );
      } catch (error) {
        throw awsError(error, { place: target.path, doing: 'write the record', target: stateUrl(target.backend) });
      }
    }),
  locked: (target, env, info, run) => withStateLock(target, 'terrace apply', run, { env, info: `${info}, process ${process.pid}` }),
  requireDigest: (target, env, text) => opened(target, env, (access) => requireDigest(access, text)),
  keys: (target, env, prefix, suffix) =>
    opened(target, env, async ({ s3 }) => {
      const { paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
      const { bucket, region } = target.backend;
      const keys: string[] = [];
      try {
        for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix }))
          keys.push(...Contents.flatMap(({ Key }) => (Key?.endsWith(suffix) === true ? [Key] : [])));
        return keys.toSorted();
      } catch (error) {
        if (isAwsError(error, 'NoSuchBucket')) return [];
        throw awsError(error, { place: target.path, doing: 'list the keys', target: `s3://${bucket}/${prefix} (${region})` });
      }
    }),
  buckets: (target, env, prefix) =>
    opened(target, env, async ({ s3 }) => {
      const { ListBucketsCommand } = await import('@aws-sdk/client-s3');
      try {
        const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
        return Buckets.flatMap(({ Name }) =>
          // What stands beside a state bucket (its access logs) holds no states.
          Name?.startsWith(prefix) === true && /^[a-z]+(?:-[a-z]+)+-\d$/.test(Name.slice(prefix.length)) ? [Name] : [],
        ).toSorted();
      } catch (error) {
        if (isAwsError(error, 'AccessDenied')) return [];
        throw awsError(error, { place: target.path, doing: 'list the buckets', target: 'S3' });
      }
    }),
  holder: (target, env) =>
    opened(target, env, async (access) => {
      for (const place of lockPlaces(access)) {
        const standing = await place.read();
        if (standing !== undefined) return standing.lock ?? newLockInfo({ operation: 'unknown', path: lockItemId(target.backend) });
      }
      return undefined;
    }),
};

/** Reads a state's text. Raises E6034 where it is none of version 4. */
export function parseState(text: string, target: Pick<StateTarget, 'path' | 'backend'>): StateObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(target, messageOf(cause), cause);
  }
  if (!isObject(value) || value['version'] !== 4 || typeof value['lineage'] !== 'string' || typeof value['serial'] !== 'number')
    throw unreadable(target, 'not a terraform state of version 4');
  const outputs: Record<string, { readonly value: Json; readonly sensitive: boolean }> = {};
  for (const [name, output] of Object.entries(isObject(value['outputs']) ? value['outputs'] : {})) {
    if (isObject(output)) outputs[name] = { value: (output['value'] ?? null) as Json, sensitive: output['sensitive'] === true };
  }
  return { lineage: value['lineage'], serial: value['serial'], outputs, text };
}

/** The error of a lock that terraform found held; the same words as everywhere (E4401, exit 4). */
export function lockHeld(unit: string, lock: LockInfo | undefined): TerraceError {
  return new TerraceError(
    {
      code: 'E4401',
      title: 'lock held',
      place: unit,
      found: lock === undefined ? 'somebody holds its lock' : describeHolder({ place: 'dynamodb', lock, text: '' }),
      todo: `wait until it has ended; if its holder is gone: terrace lock release ${unit} --id ${lock?.id ?? 'ID'}`,
    },
    exitCodes.lockHeld,
  );
}

async function opened<T>(target: StateTarget, env: NodeJS.ProcessEnv, run: (access: StateAccess) => Promise<T>): Promise<T> {
  const access = await openState(target, env);
  try {
    return await run(access);
  } finally {
    access.close();
  }
}

async function readObject(access: StateAccess, key: string, doing: string): Promise<string | undefined> {
  const { backend, path } = access.target;
  try {
    return (await objectText(access.s3, { Bucket: backend.bucket, Key: key })).text;
  } catch (error) {
    if (isAwsError(error, 'NoSuchKey')) return undefined;
    throw awsError(error, { place: path, doing, target: `s3://${backend.bucket}/${key} (${backend.region})` });
  }
}

function unreadable(target: Pick<StateTarget, 'path' | 'backend'>, found: string, cause?: unknown) {
  return failed(
    'E6034',
    {
      place: target.path,
      found: `${stateUrl(target.backend)}: ${found}`,
      todo: 'terrace state verify shows more; terrace state history and terrace state restore bring back an older version',
    },
    1,
    cause,
  );
}
