import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { CreateTableCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from '@jest/globals';

import { dynamodbClient, s3Client } from '../../terrace/aws/clients';
import { resetSandbox, type Sandbox, sandboxStatus, startSandbox, stopSandbox } from '../../terrace/sandbox/control';
import { readRecord } from '../../terrace/sandbox/daemon/daemon-record';
import { dataFolders, layoutOf } from '../../terrace/sandbox/daemon/layout';
import { Cloud } from '../../terrace/sandbox/providers/cloud/cloud';
import { EventLog } from '../../terrace/sandbox/providers/cloud/event-log';
import { Faults } from '../../terrace/sandbox/providers/cloud/faults';
import { readSettings } from '../../terrace/sandbox/daemon/settings';
import { withVariables } from '../../terrace/sandbox/environment/with-variables';
import { sandboxFolders } from '../_helpers/sandbox';
import { projectRoot } from '../_helpers/project-root';

const newFolder = sandboxFolders('terrace-reset-');

const region = 'eu-central-1';
const pidOf = (dir: string): number => readRecord(dir)?.pid ?? 0;
const variables = (sandbox: Sandbox) => withVariables({}, sandbox.environment({ account: '123456789012' }));

/** Puts something everywhere a sandbox keeps something. */
async function fill(sandbox: Sandbox, bucket = 'states'): Promise<void> {
  const s3 = await s3Client(region, variables(sandbox));
  await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: region } }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: 'old' }));
  s3.destroy();
  const dynamodb = await dynamodbClient(region, variables(sandbox));
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'locks',
      KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  dynamodb.destroy();
  const { cloud } = layoutOf(sandbox.dir);
  const secret = { version: 1, provider: 'aws', type: 'aws_secretsmanager_secret', scope: `123456789012/${region}`, id: 'one' } as const;
  new Cloud(cloud).create({ ...secret, created: Date.now(), values: { id: 'one' } }, false);
  new EventLog(cloud).add({ operation: 'create', type: secret.type, id: secret.id, scope: secret.scope });
  new Faults(cloud).add({ type: 'aws_vpc', operation: 'create', kind: 'error', message: 'quota', milliseconds: 0 });
}

interface Held {
  readonly buckets: number;
  readonly tables: number;
  readonly resources: number;
  readonly events: number;
  readonly faults: number;
}

async function held(sandbox: Sandbox): Promise<Held> {
  const s3 = await s3Client(region, variables(sandbox));
  const dynamodb = await dynamodbClient(region, variables(sandbox));
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const { TableNames = [] } = await dynamodb.send(new ListTablesCommand({}));
  s3.destroy();
  dynamodb.destroy();
  const { cloud } = layoutOf(sandbox.dir);
  return {
    buckets: Buckets.length,
    tables: TableNames.length,
    resources: new Cloud(cloud).allKeys().length,
    events: new EventLog(cloud).all().length,
    faults: new Faults(cloud).list().length,
  };
}

const nothing: Held = { buckets: 0, tables: 0, resources: 0, events: 0, faults: 0 };
const everything: Held = { buckets: 1, tables: 1, resources: 1, events: 1, faults: 1 };

test('a running daemon empties itself: the same process, nothing of the old data, and room for new', async () => {
  const dir = newFolder();
  const sandbox = await startSandbox({ dir, project: projectRoot });
  await fill(sandbox);
  expect(await held(sandbox)).toEqual(everything);
  expect(sandbox.requests().length).toBeGreaterThan(0);
  const pid = pidOf(dir);
  await resetSandbox({ dir, project: projectRoot });
  expect(sandbox.requests()).toEqual([]);
  expect(await held(sandbox)).toEqual(nothing);
  expect([pidOf(dir), readSettings(dir)?.generation]).toEqual([pid, 1]);
  expect(sandbox.requests().map(({ status }) => status)).toEqual([200, 200]);
  await fill(sandbox);
  expect(await held(sandbox)).toEqual(everything);
  await stopSandbox(dir);
  await startSandbox({ dir, project: projectRoot });
  expect(await held(sandbox)).toEqual(everything);
  expect(readdirSync(dir).filter((name) => name.startsWith('.unfinished') || name === 'emptying.json')).toEqual([]);
}, 600_000);

test('several resets at once are done one after the other', async () => {
  const dir = newFolder();
  const sandbox = await startSandbox({ dir, project: projectRoot });
  await fill(sandbox);
  await Promise.all(Array.from({ length: 4 }, () => resetSandbox({ dir, project: projectRoot })));
  expect(readSettings(dir)?.generation).toBe(4);
  expect(await held(sandbox)).toEqual(nothing);
}, 600_000);

test('a daemon that hangs is stopped, its sandbox emptied, and started again', async () => {
  const dir = newFolder();
  const sandbox = await startSandbox({ dir, project: projectRoot });
  await fill(sandbox);
  const pid = pidOf(dir);
  process.kill(pid, 'SIGSTOP');
  await resetSandbox({ dir, project: projectRoot });
  expect(await sandboxStatus(dir)).toMatchObject({ state: 'running', settings: { generation: 1 } });
  expect(pidOf(dir)).not.toBe(pid);
  expect(await held(sandbox)).toEqual(nothing);
}, 600_000);

test('a reset that was cut short is ended by the next start, wherever it stopped', async () => {
  const dir = newFolder();
  const sandbox = await startSandbox({ dir, project: projectRoot });
  const layout = layoutOf(dir);
  const parts = dataFolders(layout).length;
  for (let moved = 0; moved <= parts; moved += 1) {
    await fill(sandbox);
    process.kill(pidOf(dir), 'SIGKILL');
    const { generation = 0 } = readSettings(dir) ?? {};
    writeFileSync(layout.emptying, JSON.stringify({ version: 1, generation: generation + 1 }));
    const rubbish = path.join(dir, `.unfinished-0-${moved}`);
    mkdirSync(rubbish);
    for (const [index, data] of dataFolders(layout).slice(0, moved).entries())
      if (existsSync(data)) renameSync(data, path.join(rubbish, String(index)));
    await startSandbox({ dir, project: projectRoot });
    expect(await held(sandbox)).toEqual(nothing);
    expect(readSettings(dir)?.generation).toBe(generation + 1);
    expect(readdirSync(dir).filter((name) => name.startsWith('.unfinished') || name === 'emptying.json')).toEqual([]);
  }
}, 600_000);

test('after a kill -9 at any moment of a reset the data are all there or all gone', async () => {
  const dir = newFolder();
  const sandbox = await startSandbox({ dir, project: projectRoot });
  for (let round = 0; round < 8; round += 1) {
    await resetSandbox({ dir, project: projectRoot });
    await fill(sandbox);
    const { generation = 0 } = readSettings(dir) ?? {};
    const pid = pidOf(dir);
    const { port = 0, id = '' } = readSettings(dir) ?? {};
    const asked = fetch(`http://127.0.0.1:${port}/_sandbox/reset`, { method: 'POST', headers: { 'x-terrace-sandbox': id } });
    await sleep(round / 2);
    process.kill(pid, 'SIGKILL');
    await asked.catch(() => undefined);
    await startSandbox({ dir, project: projectRoot });
    const done = readSettings(dir)?.generation === generation + 1;
    expect([round, await held(sandbox)]).toEqual([round, done ? nothing : everything]);
  }
}, 600_000);
