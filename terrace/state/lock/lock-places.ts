import { awsError, isAwsError, type AwsAttempt } from '../../aws/aws-error';
import { objectText } from '../../aws/object-text';
import { encryptionOf, lockFileKey, lockItemId, stateUrl, type StateAccess } from '../state-access';
import { lockInfoJson, parseLockInfo, type LockInfo } from './lock-info';

/** A lock that stands somewhere, whoever wrote it. */
export interface StandingLock {
  readonly place: 'dynamodb' | 's3';
  /** Undefined when what stands there is not terraform's JSON. */
  readonly lock: LockInfo | undefined;
  /** As it stands there; releasing removes exactly this. */
  readonly text: string;
  /** Of the object; S3 compares it when it is deleted. */
  readonly etag?: string;
}

/** One place where a state can be locked. Every method raises coded errors. */
export interface LockPlace {
  readonly kind: StandingLock['place'];
  /** Writes the lock where none is; gives the standing one otherwise, and undefined on success. */
  take(lock: LockInfo): Promise<StandingLock | undefined>;
  read(): Promise<StandingLock | undefined>;
  /** Removes exactly this lock; false when another one or none stands there. */
  remove(standing: StandingLock): Promise<boolean>;
}

/** The places that hold one state's lock, in the order in which terraform takes them: the object, then the item. */
export function lockPlaces(access: StateAccess): readonly LockPlace[] {
  const { useLockfile } = access.target.backend;
  return [...(useLockfile ? [objectPlace(access)] : []), ...(access.dynamodb === undefined ? [] : [itemPlace(access)])];
}

function attempt(access: StateAccess, doing: string): AwsAttempt {
  const { path, backend } = access.target;
  return { place: path, doing, target: stateUrl(backend), outcome: 'the state is unchanged' };
}

/** `<key>.tflock`: created only where none is (`If-None-Match: *`). */
export function objectPlace(access: StateAccess): LockPlace {
  const { s3 } = access;
  const { backend } = access.target;
  const object = { Bucket: backend.bucket, Key: lockFileKey(backend) };
  const read = async (): Promise<StandingLock | undefined> => {
    try {
      const { text, etag } = await objectText(s3, object);
      return { place: 's3', lock: parseLockInfo(text), text, ...(etag !== undefined && { etag }) };
    } catch (error) {
      if (isAwsError(error, 'NoSuchKey')) return undefined;
      throw awsError(error, attempt(access, 'read the lock object'));
    }
  };
  return {
    kind: 's3',
    read,
    take: async (lock) => {
      const { PutObjectCommand } = await import('@aws-sdk/client-s3');
      for (let tries = 0; ; tries += 1) {
        try {
          await s3.send(
            new PutObjectCommand({
              ...object,
              Body: lockInfoJson(lock),
              ContentType: 'application/json',
              IfNoneMatch: '*',
              ...encryptionOf(backend),
            }),
          );
          return undefined;
        } catch (error) {
          // 409: somebody else is writing it at this moment; who, is known when it stands there.
          if (!isAwsError(error, 'PreconditionFailed', 'ConditionalRequestConflict'))
            throw awsError(error, attempt(access, 'write the lock object'));
          const standing = await read();
          if (standing !== undefined) return standing.lock?.id === lock.id ? undefined : standing;
          if (tries === 4) throw awsError(error, attempt(access, 'write the lock object'));
        }
      }
    },
    remove: async (standing) => {
      const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
      const now = await read();
      if (now === undefined || now.text !== standing.text) return false;
      try {
        await s3.send(new DeleteObjectCommand({ ...object, ...(now.etag !== undefined && { IfMatch: now.etag }) }));
        return true;
      } catch (error) {
        if (isAwsError(error, 'PreconditionFailed', 'NoSuchKey')) return false;
        throw awsError(error, attempt(access, 'delete the lock object'));
      }
    },
  };
}

/** The item `LockID = <bucket>/<key>` with the description in `Info`. */
export function itemPlace(access: StateAccess): LockPlace {
  const { dynamodb } = access;
  const { backend } = access.target;
  if (dynamodb === undefined || backend.dynamodbTable === undefined) throw new Error('itemPlace needs a lock table');
  const table = backend.dynamodbTable;
  const key = { LockID: { S: lockItemId(backend) } };
  const read = async (): Promise<StandingLock | undefined> => {
    const { GetItemCommand } = await import('@aws-sdk/client-dynamodb');
    try {
      const { Item } = await dynamodb.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }));
      if (Item === undefined) return undefined;
      const text = Item['Info']?.S ?? '';
      return { place: 'dynamodb', lock: parseLockInfo(text), text };
    } catch (error) {
      throw awsError(error, { ...attempt(access, 'read the lock item'), target: tableUrl(access) });
    }
  };
  return {
    kind: 'dynamodb',
    read,
    take: async (lock) => {
      const { PutItemCommand } = await import('@aws-sdk/client-dynamodb');
      for (let tries = 0; ; tries += 1) {
        try {
          await dynamodb.send(
            new PutItemCommand({
              TableName: table,
              Item: { ...key, Info: { S: lockInfoJson(lock) } },
              ConditionExpression: 'attribute_not_exists(LockID)',
            }),
          );
          return undefined;
        } catch (error) {
          if (!isAwsError(error, 'ConditionalCheckFailedException'))
            throw awsError(error, { ...attempt(access, 'write the lock item'), target: tableUrl(access) });
          const standing = await read();
          if (standing !== undefined) return standing.lock?.id === lock.id ? undefined : standing;
          if (tries === 4) throw awsError(error, { ...attempt(access, 'write the lock item'), target: tableUrl(access) });
        }
      }
    },
    remove: async (standing) => {
      const { DeleteItemCommand } = await import('@aws-sdk/client-dynamodb');
      try {
        await dynamodb.send(
          new DeleteItemCommand({
            TableName: table,
            Key: key,
            ...(standing.text === ''
              ? { ConditionExpression: 'attribute_exists(LockID) AND attribute_not_exists(Info)' }
              : { ConditionExpression: 'Info = :info', ExpressionAttributeValues: { ':info': { S: standing.text } } }),
          }),
        );
        return true;
      } catch (error) {
        if (isAwsError(error, 'ConditionalCheckFailedException')) return false;
        throw awsError(error, { ...attempt(access, 'delete the lock item'), target: tableUrl(access) });
      }
    },
  };
}

/** `table terraform-locks-<account> (region)` */
export function tableUrl(access: StateAccess): string {
  const { dynamodbTable, region } = access.target.backend;
  return `table ${dynamodbTable ?? '(none)'} (${region})`;
}
