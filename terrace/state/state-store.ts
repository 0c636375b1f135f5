import type { ObjectVersion } from '@aws-sdk/client-s3';

import { TerraceError } from '../base/errors';
import { awsError, isAwsError, type AwsAttempt } from '../aws/aws-error';
import { objectText } from '../aws/object-text';
import { tableUrl } from './lock/lock-places';
import { digestItemId, encryptionOf, stateUrl, type StateAccess } from './state-access';
import { digestOf } from './state-file';

/** One version of a state object. */
export interface StateVersion {
  readonly versionId: string;
  readonly latest: boolean;
  /** True for a delete marker, which has no content. */
  readonly deleted: boolean;
  /** RFC 3339. */
  readonly modified: string;
  /** Bytes. */
  readonly size: number;
}

function attempt(access: StateAccess, doing: string, outcome?: string): AwsAttempt {
  return { place: access.target.path, doing, target: stateUrl(access.target.backend), ...(outcome !== undefined && { outcome }) };
}

/** The text of the state object, or of one of its versions; undefined when there is none. */
export async function readStateObject(access: StateAccess, versionId?: string): Promise<string | undefined> {
  const { bucket, key } = access.target.backend;
  try {
    return (await objectText(access.s3, { Bucket: bucket, Key: key, ...(versionId !== undefined && { VersionId: versionId }) })).text;
  } catch (error) {
    if (isAwsError(error, 'NoSuchKey')) return undefined;
    if (versionId !== undefined && isAwsError(error, 'NoSuchVersion', 'InvalidArgument', 'MethodNotAllowed')) return undefined;
    throw awsError(error, attempt(access, 'read the state'));
  }
}

/** The MD5 that terraform recorded beside the lock; undefined when none is recorded, or with `lock: s3`. */
export async function readDigest(access: StateAccess): Promise<string | undefined> {
  const { dynamodb } = access;
  if (dynamodb === undefined) return undefined;
  const { GetItemCommand } = await import('@aws-sdk/client-dynamodb');
  const { dynamodbTable, ...backend } = access.target.backend;
  try {
    const { Item } = await dynamodb.send(
      new GetItemCommand({ TableName: dynamodbTable, Key: { LockID: { S: digestItemId(backend) } }, ConsistentRead: true }),
    );
    return Item?.['Digest']?.S;
  } catch (error) {
    throw awsError(error, { ...attempt(access, 'read the digest item'), target: tableUrl(access) });
  }
}

async function putDigest(access: StateAccess, digest: string): Promise<void> {
  const { dynamodb } = access;
  if (dynamodb === undefined) return;
  const { PutItemCommand } = await import('@aws-sdk/client-dynamodb');
  const { dynamodbTable, ...backend } = access.target.backend;
  await dynamodb.send(
    new PutItemCommand({ TableName: dynamodbTable, Item: { LockID: { S: digestItemId(backend) }, Digest: { S: digest } } }),
  );
}

/**
 * Writes the state as terraform does: the object with the bucket's encryption, then its digest; then reads both back.
 * The caller holds the lock. An upload that broke off is no upload: S3 keeps the version before.
 * Raises E43xx when nothing was written, E4503 when the object is written but its digest is not.
 */
export async function writeState(access: StateAccess, text: string): Promise<void> {
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  const { backend } = access.target;
  const before = await readStateObject(access);
  try {
    await access.s3.send(
      new PutObjectCommand({
        Bucket: backend.bucket,
        Key: backend.key,
        Body: text,
        ContentType: 'application/json',
        ...encryptionOf(backend),
      }),
    );
  } catch (error) {
    const now = await readStateObject(access).catch(() => undefined);
    // The answer may have been lost after the object was stored.
    if (now !== text)
      throw awsError(
        error,
        attempt(access, 'write the state', now === before ? 'the state is unchanged' : 'check what is stored: terrace state verify'),
      );
  }
  await writeDigest(access, text);
  const stored = await readStateObject(access);
  if (stored !== text)
    throw digestProblem(access, `what was stored is not what was written: ${digestOf(stored ?? '')} instead of ${digestOf(text)}`);
}

/** Records the digest of the text that is stored; nothing with `lock: s3`. The caller holds the lock. Raises E4503 with the way out when that fails. */
export async function writeDigest(access: StateAccess, text: string): Promise<void> {
  try {
    await putDigest(access, digestOf(text));
  } catch (error) {
    const cause = awsError(error, { ...attempt(access, 'write the digest item'), target: tableUrl(access) });
    throw digestProblem(
      access,
      `the state is stored, its digest ${digestOf(text)} is not\n${cause.problems.map((problem) => `${problem.code} ${problem.title}: ${problem.found}`).join('\n')}`,
      cause,
    );
  }
}

function digestProblem(access: StateAccess, found: string, cause?: unknown): TerraceError {
  const { path } = access.target;
  return new TerraceError(
    {
      code: 'E4503',
      title: 'digest not written',
      place: path,
      found,
      todo: `run the command again, because terraform refuses the state until the digest matches; or terrace state restore ${path} --version <the latest of terrace state history ${path}>`,
    },
    1,
    cause === undefined ? undefined : { cause },
  );
}

/** Removes the state: first its digest, then the object (whose versions stay). The caller holds the lock. */
export async function retireState(access: StateAccess): Promise<void> {
  const { dynamodb } = access;
  const { dynamodbTable, ...backend } = access.target.backend;
  if (dynamodb !== undefined) {
    const { DeleteItemCommand } = await import('@aws-sdk/client-dynamodb');
    try {
      await dynamodb.send(new DeleteItemCommand({ TableName: dynamodbTable, Key: { LockID: { S: digestItemId(backend) } } }));
    } catch (error) {
      throw awsError(error, {
        ...attempt(access, 'delete the digest item', 'both states exist; run the command again to finish'),
        target: tableUrl(access),
      });
    }
  }
  const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
  try {
    await access.s3.send(new DeleteObjectCommand({ Bucket: backend.bucket, Key: backend.key }));
  } catch (error) {
    throw awsError(error, attempt(access, 'delete the old state object', 'both states exist; run the command again to finish'));
  }
}

/** Every version of the state object and its delete markers, the newest first. */
export async function stateVersions(access: StateAccess): Promise<readonly StateVersion[]> {
  const { ListObjectVersionsCommand } = await import('@aws-sdk/client-s3');
  const { bucket, key } = access.target.backend;
  const found: StateVersion[] = [];
  let next: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (next !== undefined) {
    try {
      const page: import('@aws-sdk/client-s3').ListObjectVersionsCommandOutput = await access.s3.send(
        new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, ...next }),
      );
      found.push(...(page.Versions ?? []).filter((one) => one.Key === key).map((one) => versionOf(one, false)));
      found.push(...(page.DeleteMarkers ?? []).filter((one) => one.Key === key).map((one) => versionOf(one, true)));
      const more: boolean = page.IsTruncated === true && page.NextKeyMarker === key;
      next =
        more && page.NextKeyMarker !== undefined
          ? { KeyMarker: page.NextKeyMarker, ...(page.NextVersionIdMarker !== undefined && { VersionIdMarker: page.NextVersionIdMarker }) }
          : undefined;
    } catch (error) {
      throw awsError(error, attempt(access, 'list the versions of the state'));
    }
  }
  return found.sort((a, b) => (a.modified === b.modified ? Number(b.latest) - Number(a.latest) : a.modified < b.modified ? 1 : -1));
}

function versionOf(one: Pick<ObjectVersion, 'VersionId' | 'IsLatest' | 'LastModified' | 'Size'>, deleted: boolean): StateVersion {
  return {
    versionId: one.VersionId ?? 'null',
    latest: one.IsLatest === true,
    deleted,
    modified: one.LastModified?.toISOString() ?? '',
    size: one.Size ?? 0,
  };
}

/** Raises E4504 unless the bucket keeps the versions of its objects: otherwise the state before would be lost. */
export async function requireVersioning(access: StateAccess): Promise<void> {
  const { GetBucketVersioningCommand } = await import('@aws-sdk/client-s3');
  const { bucket, region } = access.target.backend;
  let status: string | undefined;
  try {
    status = (await access.s3.send(new GetBucketVersioningCommand({ Bucket: bucket }))).Status;
  } catch (error) {
    throw awsError(error, {
      place: access.target.path,
      doing: 'ask for the versioning of the bucket',
      target: `s3://${bucket} (${region})`,
      outcome: 'the state is unchanged',
    });
  }
  if (status !== 'Enabled')
    throw new TerraceError({
      code: 'E4504',
      title: 'bucket keeps no versions',
      place: access.target.path,
      found: `versioning of ${bucket} is ${status ?? 'off'}`,
      expected: 'Enabled',
      todo: 'turn it on with terrace backend bootstrap; nothing was written, because the previous state could not be brought back',
    });
}
