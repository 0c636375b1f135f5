import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';

import { dynamodbClient, s3Client } from '../../../terrace/aws/clients';
import { lockInfoJson, newLockInfo, parseLockInfo } from '../../../terrace/state/lock/lock-info';
import { itemPlace, objectPlace } from '../../../terrace/state/lock/lock-places';
import { withStateLock } from '../../../terrace/state/lock/with-state-lock';
import { openState, type StateTarget } from '../../../terrace/state/state-access';
import { TerraceError } from '../../../terrace/base/errors';
import type { LockKind } from '../../../terrace/model/model';
import { dynamodbFault, faultyProxy, s3Fault, type FaultyProxy } from '../../_helpers/faulty-proxy';
import { testSandbox, type TestSandbox } from '../../_helpers/sandbox';
import { makeStateBackend, stateTarget, testRegion } from '../../_helpers/state-backend';

let sandbox: TestSandbox;
let proxy: FaultyProxy;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  sandbox = await testSandbox();
  env = { ...sandbox.env({ account: '123456789012', units: [] }), AWS_MAX_ATTEMPTS: '2' };
  await makeStateBackend(env);
  proxy = await faultyProxy(env['HTTP_PROXY'] ?? '');
  env = { ...env, ...proxy.variables };
}, 600_000);

afterAll(async () => {
  await proxy.close();
  await sandbox.dispose();
});

beforeEach(() => proxy.heal());

/** Everything that looks like a lock, in both places. */
async function standing(): Promise<readonly string[]> {
  const { bucket, dynamodbTable } = stateTarget('a/b/c/d').backend;
  const [s3, dynamodb] = [await s3Client(testRegion, env), await dynamodbClient(testRegion, env)];
  try {
    const objects = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    const items = await dynamodb.send(new ScanCommand({ TableName: dynamodbTable }));
    return [...(objects.Contents ?? []).map((one) => `s3 ${one.Key}`), ...(items.Items ?? []).map((one) => `dynamodb ${one['LockID']?.S}`)];
  } finally {
    s3.destroy();
    dynamodb.destroy();
  }
}

async function refusal(run: Promise<unknown>): Promise<TerraceError> {
  try {
    await run;
  } catch (error) {
    if (error instanceof TerraceError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const kinds: readonly [LockKind, readonly string[]][] = [
  ['dynamodb', ['dynamodb terraform-state-123456789012-eu-central-1/e/r/l/u/terraform.tfstate']],
  ['both', ['s3 e/r/l/u/terraform.tfstate.tflock', 'dynamodb terraform-state-123456789012-eu-central-1/e/r/l/u/terraform.tfstate']],
  ['s3', ['s3 e/r/l/u/terraform.tfstate.tflock']],
];

test.each(kinds)(
  'with lock %s the lock stands exactly where terraform puts it, while the work runs and no longer',
  async (kind, places) => {
    const target = stateTarget('e/r/l/u', kind);
    expect(await withStateLock(target, 'terrace test', async ({ lock }) => [lock.operation, await standing()], { env })).toEqual([
      'terrace test',
      places,
    ]);
    expect(await standing()).toEqual([]);
  },
);

test.each(kinds)('with lock %s it is released when the work fails, whose error comes through', async (kind) => {
  const failing = withStateLock(stateTarget('e/r/l/u', kind), 'terrace test', () => Promise.reject(new RangeError('half way')), { env });
  await expect(failing).rejects.toThrow(new RangeError('half way'));
  expect(await standing()).toEqual([]);
});

test.each(kinds)('with lock %s a held lock ends with exit code 4 and names its holder', async (kind) => {
  const target = stateTarget('e/r/l/u', kind);
  const error = await withStateLock(
    target,
    'OperationTypeApply',
    ({ lock }) => refusal(withStateLock(target, 'second', () => Promise.resolve(), { env })).then((refused) => ({ lock, refused })),
    { env },
  );
  expect(error.refused.exitCode).toBe(4);
  expect(error.refused.problems).toHaveLength(1);
  expect(error.refused.problems[0]).toMatchObject({ code: 'E4401', place: 'demo/e/r/l/u' });
  expect(error.refused.message).toContain(`${error.lock.who}, apply, since ${error.lock.created}`);
  expect(error.refused.message).toContain(`ID ${error.lock.id}`);
  expect(await standing()).toEqual([]);
});

test.each([
  ['dynamodb', 'both'],
  ['both', 'dynamodb'],
  ['both', 's3'],
  ['s3', 'both'],
] as const)('a holder with lock %s keeps out one with lock %s, which leaves nothing behind', async (holder, other) => {
  const before = await withStateLock(
    stateTarget('e/r/l/u', holder),
    'first',
    async () => {
      const error = await refusal(withStateLock(stateTarget('e/r/l/u', other), 'second', () => Promise.resolve(), { env }));
      expect(error.exitCode).toBe(4);
      return standing();
    },
    { env },
  );
  expect(before).toHaveLength(holder === 'both' ? 2 : 1);
  expect(await standing()).toEqual([]);
});

test('of eight at once exactly one holds the lock', async () => {
  for (const kind of ['dynamodb', 'both', 's3'] as const) {
    let running = 0;
    let most = 0;
    const one = async (): Promise<string> => {
      try {
        return await withStateLock(
          stateTarget('e/r/l/race', kind),
          'race',
          async () => {
            running += 1;
            most = Math.max(most, running);
            await new Promise((done) => setTimeout(done, 200));
            running -= 1;
            return 'held';
          },
          { env },
        );
      } catch (error) {
        if (error instanceof TerraceError) return error.problems.map(({ code }) => code).join();
        throw error;
      }
    };
    const results = await Promise.all(Array.from({ length: 8 }, one));
    expect(most).toBe(1);
    expect(results.sort()).toEqual(['E4401', 'E4401', 'E4401', 'E4401', 'E4401', 'E4401', 'E4401', 'held']);
    expect(await standing()).toEqual([]);
  }
}, 600_000);

test('with a timeout it waits until the holder is done', async () => {
  const target = stateTarget('e/r/l/u', 'both');
  const order: string[] = [];
  let waiting: Promise<unknown> = Promise.resolve();
  await withStateLock(
    target,
    'first',
    async () => {
      waiting = withStateLock(target, 'second', async () => void order.push('second'), { env, timeout: 30 });
      await new Promise((done) => setTimeout(done, 700));
      order.push('first');
    },
    { env },
  );
  await waiting;
  expect(order).toEqual(['first', 'second']);
}, 600_000);

test('a lock request that arrived although its answer was lost is recognised as our own', async () => {
  for (const kind of ['dynamodb', 's3'] as const) {
    proxy.fail((request) =>
      (request.operation === 'PutItem' || (request.service === 's3' && request.method === 'PUT')) && request.count === 0
        ? { kind: 'lost answer' }
        : undefined,
    );
    expect(await withStateLock(stateTarget('e/r/l/u', kind), 'terrace test', () => Promise.resolve('held'), { env })).toBe('held');
    proxy.heal();
    expect(await standing()).toEqual([]);
  }
});

test('a release whose answer was lost is a release', async () => {
  for (const kind of ['dynamodb', 's3'] as const) {
    proxy.fail((request) =>
      (request.operation === 'DeleteItem' || (request.service === 's3' && request.method === 'DELETE')) && request.count === 0
        ? { kind: 'lost answer' }
        : undefined,
    );
    expect(await withStateLock(stateTarget('e/r/l/u', kind), 'terrace test', () => Promise.resolve('held'), { env })).toBe('held');
    proxy.heal();
    expect(await standing()).toEqual([]);
  }
});

test('where the second of two places cannot be taken, the first is given back', async () => {
  proxy.fail(({ operation }) => (operation === 'PutItem' ? dynamodbFault(400, 'ProvisionedThroughputExceededException') : undefined));
  const error = await refusal(withStateLock(stateTarget('e/r/l/u', 'both'), 'terrace test', () => Promise.resolve(), { env }));
  expect(error.problems.map(({ code }) => code)).toEqual(['E4308']);
  proxy.heal();
  expect(await standing()).toEqual([]);
});

test('a lock that cannot be released is named with the command that releases it', async () => {
  proxy.fail((request) =>
    request.operation === 'DeleteItem'
      ? dynamodbFault(400, 'AccessDeniedException')
      : request.method === 'DELETE'
        ? s3Fault(403, 'AccessDenied')
        : undefined,
  );
  const target = stateTarget('e/r/l/u', 'both');
  let id = '';
  const error = await refusal(withStateLock(target, 'terrace test', async ({ lock }) => void (id = lock.id), { env }));
  expect(error.problems.map(({ code }) => code)).toEqual(['E4402', 'E4402']);
  expect(error.message).toContain(`terrace lock release demo/e/r/l/u --id ${id}`);
  proxy.heal();
  expect(await standing()).toHaveLength(2);
  await removeAll(target);
});

test('a lock that was taken away and one that somebody else took meanwhile are reported, and the other one stays', async () => {
  const target = stateTarget('e/r/l/u', 'both');
  const other = newLockInfo({ operation: 'other', path: 'x' });
  const error = await refusal(
    withStateLock(
      target,
      'terrace test',
      async ({ access }) => {
        await removeAll(target);
        await itemPlace(access).take(other);
      },
      { env },
    ),
  );
  expect(error.problems.map(({ code }) => code)).toEqual(['E4402', 'E4402']);
  expect(error.message).toContain('another lock is held in dynamodb');
  expect(error.message).toContain('the lock in s3 was removed in the meantime');
  const access = await openState(target, env);
  expect(parseLockInfo((await itemPlace(access).read())?.text ?? '')).toEqual(other);
  access.close();
  await removeAll(target);
});

test('removing compares the whole lock: one that was taken meanwhile stays', async () => {
  const access = await openState(stateTarget('e/r/l/u', 'both'), env);
  for (const place of [itemPlace(access), objectPlace(access)]) {
    const [mine, other] = [newLockInfo({ operation: 'mine', path: 'x' }), newLockInfo({ operation: 'other', path: 'x' })];
    expect(await place.take(mine)).toBeUndefined();
    expect((await place.take(other))?.lock).toEqual(mine);
    expect(await place.remove({ place: place.kind, lock: other, text: lockInfoJson(other) })).toBe(false);
    expect((await place.read())?.lock).toEqual(mine);
    expect(await place.remove({ place: place.kind, lock: mine, text: lockInfoJson(mine) })).toBe(true);
    expect(await place.read()).toBeUndefined();
  }
  access.close();
});

async function removeAll(target: StateTarget): Promise<void> {
  const access = await openState(target, env);
  for (const place of [itemPlace(access), objectPlace(access)]) {
    const lock = await place.read();
    if (lock !== undefined) await place.remove(lock);
  }
  access.close();
}
