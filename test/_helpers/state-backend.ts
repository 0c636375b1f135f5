import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';

import { dynamodbClient, s3Client } from '../../terrace/aws/clients';
import { backendOf, defaultNames, type BackendNames } from '../../terrace/state/backend-names';
import type { StateTarget } from '../../terrace/state/state-access';
import type { LockKind } from '../../terrace/model/model';

export const testAccount = '123456789012';
export const testRegion = 'eu-central-1';

/** A unit of an invented system whose state lies in the test's bucket. */
export function stateTarget(unit: string, lock: LockKind = 'dynamodb', names: Partial<BackendNames> = {}): StateTarget {
  const [environment = ''] = unit.split('/');
  const place = { account: testAccount, region: testRegion, system: 'demo', environment };
  const path = `demo/${unit}`;
  return { path, backend: backendOf({ names: { ...defaultNames, ...names }, keyPrefix: '', place, unit: path, lock }) };
}

/** Makes the bucket (with versions, unless told otherwise) and the lock table of {@link stateTarget}. */
export async function makeStateBackend(env: NodeJS.ProcessEnv, options: { readonly versioning?: boolean } = {}): Promise<void> {
  const { bucket, dynamodbTable } = stateTarget('any/any/any/any').backend;
  const s3 = await s3Client(testRegion, env);
  const dynamodb = await dynamodbClient(testRegion, env);
  try {
    await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: testRegion } }));
    if (options.versioning !== false)
      await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    await dynamodb.send(
      new CreateTableCommand({
        TableName: dynamodbTable,
        AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
  } finally {
    s3.destroy();
    dynamodb.destroy();
  }
}

/** The text of a state with one resource for each name, as terraform lays it out. */
export function stateText(
  options: { readonly serial?: number; readonly lineage?: string; readonly resources?: readonly string[]; readonly private?: string } = {},
): string {
  const resources = (options.resources ?? ['a']).map((name) => ({
    mode: 'managed',
    type: 'terraform_data',
    name,
    provider: 'provider["terraform.io/builtin/terraform"]',
    instances: [
      {
        schema_version: 0,
        attributes: { id: `id-${name}`, input: null, output: null, triggers_replace: null },
        sensitive_attributes: [],
        ...(options.private !== undefined && { private: options.private }),
      },
    ],
  }));
  const state = {
    version: 4,
    terraform_version: '1.11.4',
    serial: options.serial ?? 1,
    lineage: options.lineage ?? '11111111-2222-3333-4444-555555555555',
    outputs: {},
    resources,
    check_results: null,
  };
  return `${JSON.stringify(state, null, 2)}\n`;
}
