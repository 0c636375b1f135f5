import {
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  GetItemCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect } from '@jest/globals';

import { account, type Endpoint, freshName, refusal, rule } from './endpoint';

/** What holds for lock tables and their items. */
export function dynamodbRules(endpoint: Endpoint): void {
  const TableName = freshName();
  let home: DynamoDBClient;
  let away: DynamoDBClient;
  const create = (client: DynamoDBClient, name: string, more: object = {}) =>
    client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
        ...more,
      }),
    );
  const lock = (LockID: string, Info: string, client = home) =>
    client.send(
      new PutItemCommand({
        TableName,
        Item: { LockID: { S: LockID }, Info: { S: Info } },
        ConditionExpression: 'attribute_not_exists(LockID)',
      }),
    );
  const read = async (LockID: string, client = home) =>
    (
      await client.send(
        new GetItemCommand({ TableName, Key: { LockID: { S: LockID } }, ProjectionExpression: 'LockID, Info', ConsistentRead: true }),
      )
    ).Item;
  const is = (name: string, body: () => Promise<void>, departs: { readonly moto?: string } = {}) =>
    rule(endpoint.name, name, body, departs);

  beforeAll(async () => {
    [home, away] = [await endpoint.dynamodb('eu-central-1'), await endpoint.dynamodb('ap-southeast-1')];
    await create(home, TableName);
    await create(away, TableName);
  });
  afterAll(() => {
    home.destroy();
    away.destroy();
  });

  is('describes a table with its ARN, keys and billing', async () => {
    const { Table } = await home.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({
      TableName,
      TableStatus: 'ACTIVE',
      TableArn: `arn:aws:dynamodb:eu-central-1:${account}:table/${TableName}`,
      KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    });
  });

  is('keeps one name in two regions apart', async () => {
    await lock('same', 'home');
    await lock('same', 'away', away);
    expect([await read('same'), await read('same', away)]).toEqual([
      { LockID: { S: 'same' }, Info: { S: 'home' } },
      { LockID: { S: 'same' }, Info: { S: 'away' } },
    ]);
    await away.send(new DeleteItemCommand({ TableName, Key: { LockID: { S: 'same' } } }));
    expect([await read('same'), await read('same', away)]).toEqual([{ LockID: { S: 'same' }, Info: { S: 'home' } }, undefined]);
  });

  is('refuses a lock that is held, and gives it once it is released', async () => {
    await lock('held', 'first');
    expect(await refusal(lock('held', 'second'))).toEqual({ name: 'ConditionalCheckFailedException', status: 400 });
    expect(await read('held')).toMatchObject({ Info: { S: 'first' } });
    await home.send(new DeleteItemCommand({ TableName, Key: { LockID: { S: 'held' } } }));
    await lock('held', 'second');
    expect(await read('held')).toMatchObject({ Info: { S: 'second' } });
  });

  is('lets one of eight racers have the lock', async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => lock('race', String(index))));
    const winners = results.flatMap((result, index) => (result.status === 'fulfilled' ? [String(index)] : []));
    expect(winners).toHaveLength(1);
    expect((await read('race'))?.['Info']?.S).toBe(winners[0]);
  });

  is('deletes under a condition and gives the item that was', async () => {
    await lock('mine', 'me');
    const remove = (who: string) =>
      home.send(
        new DeleteItemCommand({
          TableName,
          Key: { LockID: { S: 'mine' } },
          ConditionExpression: '#i = :w',
          ExpressionAttributeNames: { '#i': 'Info' },
          ExpressionAttributeValues: { ':w': { S: who } },
          ReturnValues: 'ALL_OLD',
        }),
      );
    expect(await refusal(remove('you'))).toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect((await remove('me')).Attributes).toEqual({ LockID: { S: 'mine' }, Info: { S: 'me' } });
  });

  is('scans and queries with filters', async () => {
    for (const key of ['scan-1', 'scan-2', 'scan-3']) await lock(key, key.slice(-1));
    const scan = await home.send(
      new ScanCommand({
        TableName,
        FilterExpression: 'begins_with(LockID, :p) AND Info <> :two',
        ExpressionAttributeValues: { ':p': { S: 'scan-' }, ':two': { S: '2' } },
      }),
    );
    expect(scan.Items?.map((item) => item['LockID']?.S).toSorted()).toEqual(['scan-1', 'scan-3']);
    const query = await home.send(
      new QueryCommand({ TableName, KeyConditionExpression: 'LockID = :k', ExpressionAttributeValues: { ':k': { S: 'scan-2' } } }),
    );
    expect(query.Items).toEqual([{ LockID: { S: 'scan-2' }, Info: { S: '2' } }]);
  });

  is('scans in pages that lose and repeat nothing', async () => {
    const seen: string[] = [];
    for (let start: Record<string, { S: string }> | undefined, first = true; first || start !== undefined; first = false) {
      const page: { readonly Items?: readonly Record<string, { S?: string | undefined }>[]; readonly LastEvaluatedKey?: unknown } =
        await scanPage(start);
      seen.push(...(page.Items ?? []).map((item) => item['LockID']?.S ?? ''));
      start = page.LastEvaluatedKey as Record<string, { S: string }> | undefined;
    }
    const whole = await home.send(new ScanCommand({ TableName }));
    expect(seen.toSorted()).toEqual((whole.Items ?? []).map((item) => item['LockID']?.S ?? '').toSorted());
    expect(new Set(seen).size).toBe(seen.length);
  });
  const scanPage = async (start: Record<string, { S: string }> | undefined) =>
    (await home.send(new ScanCommand({ TableName, Limit: 2, ...(start === undefined ? {} : { ExclusiveStartKey: start }) }))) as {
      readonly Items?: readonly Record<string, { S?: string }>[];
      readonly LastEvaluatedKey?: unknown;
    };

  is('updates attributes by expression', async () => {
    const update = (expression: string, values: Record<string, { N?: string; S?: string }>) =>
      home.send(
        new UpdateItemCommand({
          TableName,
          Key: { LockID: { S: 'counter' } },
          UpdateExpression: expression,
          ExpressionAttributeValues: values as never,
          ReturnValues: 'ALL_NEW',
        }),
      );
    await update('SET n = if_not_exists(n, :zero) + :one, who = :me', { ':zero': { N: '0' }, ':one': { N: '1' }, ':me': { S: 'me' } });
    const after = await update('SET n = n + :one REMOVE who', { ':one': { N: '1' } });
    expect(after.Attributes).toEqual({ LockID: { S: 'counter' }, n: { N: '2' } });
  });

  is('protects a table from deletion until that is switched off', async () => {
    const name = freshName();
    await create(home, name, { DeletionProtectionEnabled: true });
    expect(await refusal(home.send(new DeleteTableCommand({ TableName: name })))).toMatchObject({
      name: 'ValidationException',
      status: 400,
    });
    await home.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: false }));
    await home.send(new DeleteTableCommand({ TableName: name }));
    expect(await refusal(home.send(new DescribeTableCommand({ TableName: name })))).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  is('switches point-in-time recovery on', async () => {
    const status = async () =>
      (await home.send(new DescribeContinuousBackupsCommand({ TableName }))).ContinuousBackupsDescription?.PointInTimeRecoveryDescription
        ?.PointInTimeRecoveryStatus;
    expect(await status()).toBe('DISABLED');
    await home.send(
      new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }),
    );
    expect(await status()).toBe('ENABLED');
  });

  is('keeps tags and tells the time to live', async () => {
    const ResourceArn = `arn:aws:dynamodb:eu-central-1:${account}:table/${TableName}`;
    await home.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'Unit', Value: 'backend/state' }] }));
    expect((await home.send(new ListTagsOfResourceCommand({ ResourceArn }))).Tags).toEqual([{ Key: 'Unit', Value: 'backend/state' }]);
    expect((await home.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription?.TimeToLiveStatus).toBe('DISABLED');
  });

  is('refuses a table that is there, one that is not, and a key that does not fit', async () => {
    expect(await refusal(create(home, TableName))).toMatchObject({ name: 'ResourceInUseException' });
    expect(await refusal(home.send(new GetItemCommand({ TableName: freshName(), Key: { LockID: { S: 'a' } } })))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect(await refusal(home.send(new GetItemCommand({ TableName, Key: { Other: { S: 'a' } } })))).toMatchObject({
      name: 'ValidationException',
    });
    expect(await refusal(home.send(new PutItemCommand({ TableName, Item: { LockID: { N: '1' } } })))).toMatchObject({
      name: 'ValidationException',
    });
  });
}
