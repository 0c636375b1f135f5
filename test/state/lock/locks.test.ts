import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect } from '@jest/globals';

import { listLocks } from '../../../terrace/state/lock/list-locks';
import { newLockInfo, type LockInfo } from '../../../terrace/state/lock/lock-info';
import { itemPlace, objectPlace } from '../../../terrace/state/lock/lock-places';
import { releaseLock, type ReleaseOptions } from '../../../terrace/state/lock/release-lock';
import { withStateLock } from '../../../terrace/state/lock/with-state-lock';
import { openState, type StateAccess } from '../../../terrace/state/state-access';
import { TerraceError } from '../../../terrace/base/errors';
import { inOrder } from '../../_helpers/in-order';
import { testSandbox, type TestSandbox } from '../../_helpers/sandbox';
import { makeStateBackend, stateTarget, testRegion } from '../../_helpers/state-backend';

const test = inOrder();

let sandbox: TestSandbox;
let env: NodeJS.ProcessEnv;
const now = new Date('2026-05-01T12:00:00Z');

beforeAll(async () => {
  sandbox = await testSandbox();
  env = sandbox.env({ account: '123456789012', units: [] });
  await makeStateBackend(env);
}, 600_000);

afterAll(() => sandbox.dispose());

async function on<T>(unit: string, work: (access: StateAccess) => Promise<T>): Promise<T> {
  const access = await openState(stateTarget(unit, 'both'), env);
  try {
    return await work(access);
  } finally {
    access.close();
  }
}

/** A lock in both places, an hour old unless told otherwise. */
async function lockBoth(unit: string, minutes = 60): Promise<LockInfo> {
  const lock = {
    ...newLockInfo({ operation: 'OperationTypeApply', path: 'p', now: new Date(now.getTime() - minutes * 60_000) }),
    who: 'ann@laptop',
  };
  await on(unit, async (access) => {
    await objectPlace(access).take(lock);
    await itemPlace(access).take(lock);
  });
  return lock;
}

async function release(unit: string, options: Partial<ReleaseOptions>): Promise<string> {
  try {
    const released = await releaseLock(stateTarget(unit, 'both'), {
      id: '',
      minAge: 15 * 60_000,
      force: false,
      confirm: () => Promise.resolve(true),
      env,
      now,
      ...options,
    });
    return released.join('+');
  } catch (error) {
    if (error instanceof TerraceError) return [error.exitCode, ...error.problems.map(({ code }) => code)].join(' ');
    throw error;
  }
}

const remaining = (unit: string): Promise<readonly boolean[]> =>
  on(unit, async (access) => [(await objectPlace(access).read()) !== undefined, (await itemPlace(access).read()) !== undefined]);

test('a lock is released in every place by its exact id, and only once it is old enough', async () => {
  const old = await lockBoth('e/r/l/old');
  expect(await release('e/r/l/old', { id: old.id.slice(0, 8) })).toBe('3 E4404');
  expect(await release('e/r/l/old', { id: '' })).toBe('3 E4404');
  expect(await release('e/r/l/old', { id: old.id, minAge: 61 * 60_000 })).toBe('3 E4405');
  expect(await remaining('e/r/l/old')).toEqual([true, true]);
  expect(await release('e/r/l/old', { id: old.id })).toBe('s3+dynamodb');
  expect(await remaining('e/r/l/old')).toEqual([false, false]);
  expect(await release('e/r/l/old', { id: old.id })).toBe('1 E4403');
});

test('a young lock is released by force alone, and nothing happens when the answer is no', async () => {
  const young = await lockBoth('e/r/l/young', 1);
  expect(await release('e/r/l/young', { id: young.id })).toBe('3 E4405');
  const asked: string[] = [];
  expect(await release('e/r/l/young', { id: young.id, force: true, confirm: async (text) => asked.push(text) < 0 })).toBe('');
  expect(asked).toEqual([`ann@laptop, apply, since ${young.created} (1 min), ID ${young.id}`]);
  expect(await remaining('e/r/l/young')).toEqual([true, true]);
  expect(await release('e/r/l/young', { id: young.id, force: true })).toBe('s3+dynamodb');
});

test('a lock that was taken between the question and the answer stays', async () => {
  const first = await lockBoth('e/r/l/swapped');
  const confirm = async (): Promise<boolean> => {
    await on('e/r/l/swapped', async (access) => {
      for (const place of [objectPlace(access), itemPlace(access)]) {
        const standing = await place.read();
        if (standing !== undefined) await place.remove(standing);
      }
    });
    await lockBoth('e/r/l/swapped');
    return true;
  };
  expect(await release('e/r/l/swapped', { id: first.id, confirm })).toBe('3 E4406');
  expect(await remaining('e/r/l/swapped')).toEqual([true, true]);
});

test('what is no lock of terraform is named none and released by force', async () => {
  await on('e/r/l/odd', async ({ dynamodb, target }) =>
    dynamodb?.send(
      new PutItemCommand({
        TableName: target.backend.dynamodbTable,
        Item: { LockID: { S: `${target.backend.bucket}/${target.backend.key}` } },
      }),
    ),
  );
  expect(await release('e/r/l/odd', { id: 'none' })).toBe('3 E4405');
  expect(await release('e/r/l/odd', { id: 'none', force: true })).toBe('dynamodb');
});

test('every lock of a table and a bucket is listed once, with its places, whoever wrote it', async () => {
  const { bucket, dynamodbTable: table } = stateTarget('e/r/l/x').backend;
  const store = { bucket, region: testRegion, ...(table !== undefined && { table }) };
  await lockBoth('e/r/l/swapped');
  await on('e/r/l/garbled', ({ s3, target }) =>
    s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${target.backend.key}.tflock`, Body: 'garbled' })),
  );
  await on('e/r/l/garbled', ({ dynamodb }) =>
    Promise.resolve(
      dynamodb?.send(new PutItemCommand({ TableName: table, Item: { LockID: { S: 'another-bucket/key' }, Info: { S: '{}' } } })),
    ),
  );
  const listed = await withStateLock(stateTarget('e/r/l/held'), 'terrace test', () => listLocks(store, env), { env });
  expect(listed.map(({ key, places, lock }) => [key, places, lock?.operation])).toEqual([
    ['e/r/l/garbled/terraform.tfstate', ['s3'], undefined],
    ['e/r/l/held/terraform.tfstate', ['dynamodb'], 'terrace test'],
    ['e/r/l/swapped/terraform.tfstate', ['dynamodb', 's3'], 'OperationTypeApply'],
  ]);
  await on('e/r/l/garbled', () => Promise.resolve());
  const { table: _, ...withoutTable } = store;
  expect((await listLocks(withoutTable, env)).map(({ key }) => key)).toEqual([
    'e/r/l/garbled/terraform.tfstate',
    'e/r/l/swapped/terraform.tfstate',
  ]);
});

test('more locks than fit on a page are all listed', async () => {
  const { bucket } = stateTarget('e/r/l/x').backend;
  await on('x/r/l/x', async ({ s3 }) => {
    for (let start = 0; start < 1050; start += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          s3.send(
            new PutObjectCommand({
              Bucket: bucket,
              Key: `many/${start + i}${(start + i) % 100 === 0 ? '.tflock' : ''}`,
              Body: '{"ID":"i"}',
            }),
          ),
        ),
      );
  });
  expect((await listLocks({ bucket, region: testRegion }, env)).filter(({ key }) => key.startsWith('many/'))).toHaveLength(11);
}, 600_000);
