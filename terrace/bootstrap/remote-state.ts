import type { UnitModel } from '../model/model';
import { awsError, isAbsent } from '../aws/aws-error';
import { dynamodbClient, s3Client } from '../aws/clients';
import { objectText } from '../aws/object-text';
import { stateHead, type StateHead } from './state-head';

/** The state of a unit as it lies in its bucket; undefined where the bucket or the object does not exist. */
export async function remoteState(
  unit: UnitModel,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly text: string; readonly head: StateHead } | undefined> {
  const { bucket, key, region } = unit.backend;
  const client = await s3Client(region, env);
  try {
    const { text } = await objectText(client, { Bucket: bucket, Key: key });
    return { text, head: stateHead(text, `s3://${bucket}/${key}`) };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw awsError(error, { place: unit.path, doing: 'read the state', target: `s3://${bucket}/${key} (${region})` });
  } finally {
    client.destroy();
  }
}

/** Whether a bucket exists and the credentials may see it. */
export async function bucketExists(bucket: string, unit: UnitModel, env: NodeJS.ProcessEnv): Promise<boolean> {
  const { HeadBucketCommand } = await import('@aws-sdk/client-s3');
  const client = await s3Client(unit.backend.region, env);
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw awsError(error, { place: unit.path, doing: 'look for the bucket', target: `s3://${bucket} (${unit.backend.region})` });
  } finally {
    client.destroy();
  }
}

/** Whether a table exists in the unit's state region. */
export async function tableExists(table: string, unit: UnitModel, env: NodeJS.ProcessEnv): Promise<boolean> {
  const { DescribeTableCommand } = await import('@aws-sdk/client-dynamodb');
  const client = await dynamodbClient(unit.backend.region, env);
  try {
    await client.send(new DescribeTableCommand({ TableName: table }));
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw awsError(error, { place: unit.path, doing: 'look for the lock table', target: `${table} (${unit.backend.region})` });
  } finally {
    client.destroy();
  }
}
