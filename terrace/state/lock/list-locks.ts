import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';

import { awsError, isAwsError } from '../../aws/aws-error';
import { objectText } from '../../aws/object-text';
import { dynamodbClient, s3Client } from '../../aws/clients';
import { parseLockInfo, type LockInfo } from './lock-info';
import type { StandingLock } from './lock-places';

/** Bucket and table in which locks may stand; what several units share. */
export interface LockStore {
  readonly bucket: string;
  readonly region: string;
  /** Absent with `lock: s3`. */
  readonly table?: string;
}

/** One lock; in both places when they hold the same one. */
export interface ListedLock {
  /** Key of the state that is locked. */
  readonly key: string;
  readonly bucket: string;
  readonly region: string;
  readonly places: readonly StandingLock['place'][];
  /** Undefined when what stands there is not terraform's JSON. */
  readonly lock: LockInfo | undefined;
}

/**
 * Every lock in a table and every `.tflock` object in a bucket, sorted by key. The objects are looked for whatever the lock setting is:
 * while a system moves from one to the other, older commits use the old place. Raises E4304 where there is no bucket, and the other E43xx.
 */
export async function listLocks(store: LockStore, env: NodeJS.ProcessEnv): Promise<readonly ListedLock[]> {
  const s3 = await s3Client(store.region, env);
  const dynamodb = store.table === undefined ? undefined : await dynamodbClient(store.region, env);
  try {
    // The bucket first: where there is none, there is no backend yet.
    const objects = await lockObjects(s3, store);
    const items = dynamodb === undefined || store.table === undefined ? [] : await lockItems(dynamodb, store.table, store);
    return merge([...items, ...objects]);
  } finally {
    s3.destroy();
    dynamodb?.destroy();
  }
}

function merge(found: readonly ListedLock[]): readonly ListedLock[] {
  const merged: ListedLock[] = [];
  for (const one of found) {
    const twin = merged.findIndex(({ key, lock }) => key === one.key && lock !== undefined && lock.id === one.lock?.id);
    const other = merged[twin];
    if (other === undefined) merged.push(one);
    else merged[twin] = { ...other, places: [...other.places, ...one.places] };
  }
  return merged.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

async function lockItems(dynamodb: DynamoDBClient, table: string, { bucket, region }: LockStore): Promise<readonly ListedLock[]> {
  const { paginateScan } = await import('@aws-sdk/client-dynamodb');
  const found: ListedLock[] = [];
  try {
    const pages = paginateScan(
      { client: dynamodb },
      { TableName: table, ConsistentRead: true, FilterExpression: 'attribute_not_exists(Digest)' },
    );
    for await (const { Items = [] } of pages) {
      for (const item of Items) {
        const id = item['LockID']?.S ?? '';
        if (!id.startsWith(`${bucket}/`)) continue;
        found.push({ key: id.slice(bucket.length + 1), bucket, region, places: ['dynamodb'], lock: parseLockInfo(item['Info']?.S ?? '') });
      }
    }
  } catch (error) {
    throw awsError(error, { place: table, doing: 'list the lock items (dynamodb:Scan)', target: `table ${table} (${region})` });
  }
  return found;
}

async function lockObjects(s3: S3Client, { bucket, region }: LockStore): Promise<readonly ListedLock[]> {
  const { paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
  const found: ListedLock[] = [];
  try {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
      for (const { Key: key = '' } of Contents.filter((one) => one.Key?.endsWith('.tflock'))) {
        const object = await objectText(s3, { Bucket: bucket, Key: key }).catch((error: unknown) => {
          if (isAwsError(error, 'NoSuchKey')) return undefined;
          throw error;
        });
        // Released between the two calls.
        if (object === undefined) continue;
        found.push({ key: key.slice(0, -'.tflock'.length), bucket, region, places: ['s3'], lock: parseLockInfo(object.text) });
      }
    }
  } catch (error) {
    throw awsError(error, { place: bucket, doing: 'list the lock objects', target: `s3://${bucket} (${region})` });
  }
  return found;
}
