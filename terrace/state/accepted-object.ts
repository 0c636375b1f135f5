import { awsError, isAwsError } from '../aws/aws-error';
import { s3Client } from '../aws/clients';

import type { AcceptedPlace } from './accepted-place';

/** The object that says which commit an environment accepted last, with what guards its bucket. */
export interface AcceptedObject extends AcceptedPlace {
  /** Account (12 digits) whose bucket it is: another's of that name is not read. */
  readonly owner: string;
  /** What the bucket's objects are encrypted with; the bucket's own keys where absent. */
  readonly kmsKeyId?: string;
}

/** Its text, and the tag by which it is replaced only where nobody else did meanwhile. */
export interface AcceptedText {
  readonly text: string;
  readonly etag: string;
}

/** `s3://bucket/key` */
export function acceptedUrl({ bucket, key }: AcceptedPlace): string {
  return `s3://${bucket}/${key}`;
}

/** Where these objects are kept; tests keep them in memory. */
export interface AcceptedStore {
  /** Undefined where none stands there, or no such bucket. */
  read(object: AcceptedObject, env: NodeJS.ProcessEnv): Promise<AcceptedText | undefined>;
  /** Writes it if it still has the tag, or if none stands there (`before` undefined). False where somebody else wrote it meanwhile. */
  write(object: AcceptedObject, env: NodeJS.ProcessEnv, text: string, before: AcceptedText | undefined): Promise<boolean>;
}

/** The objects in S3. */
export const awsAccepted: AcceptedStore = { read: readAcceptedText, write: writeAcceptedText };

/** Reads the object; undefined where none stands there, or no such bucket. Raises what AWS refuses otherwise. */
async function readAcceptedText(object: AcceptedObject, env: NodeJS.ProcessEnv): Promise<AcceptedText | undefined> {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  const s3 = await s3Client(object.region, env);
  try {
    const { Body, ETag } = await s3.send(
      new GetObjectCommand({ Bucket: object.bucket, Key: object.key, ExpectedBucketOwner: object.owner }),
    );
    return { text: (await Body?.transformToString()) ?? '', etag: ETag ?? '' };
  } catch (error) {
    if (isAwsError(error, 'NoSuchKey') || isAwsError(error, 'NoSuchBucket')) return undefined;
    throw awsError(error, {
      place: object.key,
      doing: 'read which commit was accepted',
      target: `${acceptedUrl(object)} (${object.region})`,
    });
  } finally {
    s3.destroy();
  }
}

/** Writes it if it still has the tag, or if none stands there (`before` undefined). False where somebody else wrote it meanwhile. */
async function writeAcceptedText(
  object: AcceptedObject,
  env: NodeJS.ProcessEnv,
  text: string,
  before: AcceptedText | undefined,
): Promise<boolean> {
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  const s3 = await s3Client(object.region, env);
  try {
    await s3.send(
      new PutObjectCommand({
        Bucket: object.bucket,
        Key: object.key,
        Body: text,
        ContentType: 'application/json',
        ExpectedBucketOwner: object.owner,
        ...(object.kmsKeyId === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: object.kmsKeyId }),
        ...(before === undefined ? { IfNoneMatch: '*' } : { IfMatch: before.etag }),
      }),
    );
    return true;
  } catch (error) {
    // The answer may have been lost after the object was stored: repeated, the request then meets its own text.
    const now = await readAcceptedText(object, env).catch(() => undefined);
    if (now?.text === text) return true;
    if (isAwsError(error, 'PreconditionFailed') || isAwsError(error, 'ConditionalRequestConflict')) return false;
    throw awsError(error, {
      place: object.key,
      doing: 'write which commit was accepted',
      target: `${acceptedUrl(object)} (${object.region})`,
    });
  } finally {
    s3.destroy();
  }
}
