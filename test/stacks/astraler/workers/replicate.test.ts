import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

import consumer, { type BucketEvent } from '../../../../stacks/astraler/workers/replicate';
import type { StoredObject } from '../../../../stacks/astraler/workers/runtime';

const stored = (body: string): StoredObject => ({ body, httpMetadata: { contentType: 'text/plain' }, customMetadata: { owner: 'a' } });

/** Two buckets; putting an object called `broken` fails. */
function buckets(source: Readonly<Record<string, StoredObject>>, replica: Record<string, StoredObject> = {}) {
  return {
    replica,
    SOURCE: { get: async (key: string) => source[key] ?? null, put: async () => undefined },
    REPLICA: {
      get: async () => null,
      put: async (key: string, body: unknown, options: object) => {
        if (key === 'broken') throw new Error('no such luck');
        replica[key] = { body, ...options };
      },
    },
  };
}

function message(action: BucketEvent['action'], key: string) {
  return { body: { action, object: { key } }, ack: jest.fn(), retry: jest.fn() };
}

const said = jest.spyOn(console, 'error');
beforeEach(() => void said.mockImplementation(() => undefined));
afterEach(() => void said.mockReset());

test('what is written is copied as it is now, with its metadata', async () => {
  const { replica, ...both } = buckets({ one: stored('1'), two: stored('2') });
  const messages = [message('PutObject', 'one'), message('CompleteMultipartUpload', 'two'), message('CopyObject', 'one')];
  await consumer.queue({ messages }, both);
  expect(replica).toEqual({ one: stored('1'), two: stored('2') });
  for (const { ack, retry } of messages) expect([ack.mock.calls.length, retry.mock.calls.length]).toEqual([1, 0]);
});

test('what is deleted stays in the replica, and what is gone already is left', async () => {
  const { replica, ...both } = buckets({}, { kept: stored('old') });
  const messages = [message('DeleteObject', 'kept'), message('LifecycleDeletion', 'kept'), message('PutObject', 'gone')];
  await consumer.queue({ messages }, both);
  expect(replica).toEqual({ kept: stored('old') });
  for (const { ack } of messages) expect(ack).toHaveBeenCalledTimes(1);
});

test('an event whose copy fails goes back alone, and says which', async () => {
  const { replica, ...both } = buckets({ broken: stored('x'), fine: stored('y') });
  const [bad, good] = [message('PutObject', 'broken'), message('PutObject', 'fine')];
  await consumer.queue({ messages: [bad, good] }, both);
  expect([bad.ack.mock.calls.length, bad.retry.mock.calls.length]).toEqual([0, 1]);
  expect([good.ack.mock.calls.length, good.retry.mock.calls.length]).toEqual([1, 0]);
  expect(replica).toEqual({ fine: stored('y') });
  expect(JSON.parse(String(said.mock.calls[0]?.[0]))).toEqual({ event: 'copy failed', key: 'broken', reason: 'Error: no such luck' });
});
