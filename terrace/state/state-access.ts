import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';

import type { BackendModel } from '../model/model';
import { dynamodbClient, s3Client } from '../aws/clients';

/** A unit as the lock and state tools see it: its path, and where its state and lock are. A `UnitModel` is one. */
export interface StateTarget {
  /** `<system>/<environment>/<region>/<layer>/<unit>` */
  readonly path: string;
  readonly backend: BackendModel;
}

/** Clients for one unit's state, with the credentials of its environment. Whoever opens it closes it. */
export interface StateAccess {
  readonly target: StateTarget;
  readonly s3: S3Client;
  /** Absent with `lock: s3`. */
  readonly dynamodb?: DynamoDBClient;
  readonly env: NodeJS.ProcessEnv;
  close(): void;
}

/** Opens the clients; sends nothing. `env` holds the credentials (`accountEnvironment` gives them), proxies and endpoints. */
export async function openState(target: StateTarget, env: NodeJS.ProcessEnv): Promise<StateAccess> {
  const { region, dynamodbTable } = target.backend;
  const s3 = await s3Client(region, env);
  const dynamodb = dynamodbTable === undefined ? undefined : await dynamodbClient(region, env);
  return {
    target,
    s3,
    ...(dynamodb && { dynamodb }),
    env,
    close: () => {
      s3.destroy();
      dynamodb?.destroy();
    },
  };
}

/** `s3://bucket/key (region)` */
export function stateUrl({ bucket, key, region }: BackendModel): string {
  return `s3://${bucket}/${key} (${region})`;
}

/** Key of the object that holds the lock with `use_lockfile`. */
export function lockFileKey({ key }: BackendModel): string {
  return `${key}.tflock`;
}

/** LockID of the item that holds the lock; also the `Path` in the lock's description. */
export function lockItemId({ bucket, key }: BackendModel): string {
  return `${bucket}/${key}`;
}

/** LockID of the item that holds the MD5 of the state object. */
export function digestItemId(backend: BackendModel): string {
  return `${lockItemId(backend)}-md5`;
}

/** Headers with which terraform writes into the state's bucket; its policy demands them. */
export function encryptionOf({
  kmsKeyId,
}: BackendModel): { readonly ServerSideEncryption: 'AES256' } | { readonly ServerSideEncryption: 'aws:kms'; readonly SSEKMSKeyId: string } {
  return kmsKeyId === undefined ? { ServerSideEncryption: 'AES256' } : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId };
}
