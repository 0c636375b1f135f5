import type { S3Client } from '@aws-sdk/client-s3';

import type { UnitModel } from '../model/model';
import { awsError } from '../aws/aws-error';
import { s3Client } from '../aws/clients';
import { keyTemplateOf, pathOfKey } from '../state/state-key';

/** Keys of the current objects of a bucket, sorted as S3 does; empty for a bucket that does not exist. */
export async function currentKeys(bucket: string, unit: UnitModel, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  return withClient(bucket, unit, env, 'list the objects', async (client) => {
    const keys: string[] = [];
    for (let token: string | undefined; ;) {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, ...(token === undefined ? {} : { ContinuationToken: token }) }),
      );
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
      token = page.NextContinuationToken;
      if (token === undefined) return keys;
    }
  });
}

/** Whether a key of a backend's bucket is a state's: of the usual name, or of the form that the root gives keys. */
export function stateKeys(unit: UnitModel): (key: string) => boolean {
  const template = keyTemplateOf(unit);
  return (key) => key.endsWith('/terraform.tfstate') || pathOfKey(template, key, unit.path) !== undefined;
}

/** Removes every version and delete marker of a bucket, so that it can go. Gives how many there were. */
export async function emptyBucket(bucket: string, unit: UnitModel, env: NodeJS.ProcessEnv): Promise<number> {
  const { DeleteObjectsCommand, ListObjectVersionsCommand } = await import('@aws-sdk/client-s3');
  return withClient(bucket, unit, env, 'empty the bucket', async (client) => {
    for (let removed = 0; ;) {
      const page = await client.send(new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1000 }));
      const objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].flatMap(({ Key, VersionId }) =>
        Key === undefined ? [] : [{ Key, VersionId }],
      );
      if (objects.length === 0) return removed;
      await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }));
      removed += objects.length;
    }
  });
}

async function withClient<T extends readonly string[] | number>(
  bucket: string,
  unit: UnitModel,
  env: NodeJS.ProcessEnv,
  doing: string,
  run: (client: S3Client) => Promise<T>,
): Promise<T> {
  const client = await s3Client(unit.backend.region, env);
  try {
    return await run(client);
  } catch (error) {
    throw awsError(error, { place: unit.path, doing, target: `s3://${bucket} (${unit.backend.region})` });
  } finally {
    client.destroy();
  }
}
