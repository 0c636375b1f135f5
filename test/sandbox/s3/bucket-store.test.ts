import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import type { Bucket } from '../../../terrace/sandbox/s3/bucket';
import { BucketStore } from '../../../terrace/sandbox/s3/bucket-store';
import { StoreError } from '../../../terrace/sandbox/storage/stores';
import { temporaryFolder } from '../../_helpers/sandbox';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder('terrace-buckets-');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const facts = { name: 'states', region: 'eu-central-1', account: '123456789012' };
const versioned = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
const put = (bucket: Bucket, key: string, body: string) =>
  bucket.put({ key, size: body.length, etag: body, headers: { 'content-type': 'text/plain' }, tags: {} }, Buffer.from(body));
const codeOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    if (error instanceof StoreError) return error.code;
    throw error;
  }
  return 'done';
};

test('everything is there when it is opened again', () => {
  const store = new BucketStore(folder);
  store.create(facts);
  store.set('states', 'versioning', versioned);
  store.set('states', 'policy', '{}');
  const bucket = store.bucket('states');
  put(bucket, 'a/ü', 'one');
  put(bucket, 'a/ü', 'two');
  bucket.mark('b');

  const again = new BucketStore(folder).bucket('states');
  expect(again.facts).toEqual(bucket.facts);
  expect(again.sortedKeys).toEqual(['a/ü', 'b']);
  expect(again.versionsOf('a/ü')).toEqual(bucket.versionsOf('a/ü'));
  expect(again.versionsOf('a/ü').map((version) => again.body(version).toString())).toEqual(['two', 'one']);
  expect(again.live('b')).toBeUndefined();
  expect(put(again, 'c', 'three').sequence).toBeGreaterThan(bucket.versionsOf('b')[0]?.sequence ?? Infinity);
});

test('what a kill left unfinished is swept away, and what it left double is one', () => {
  const store = new BucketStore(folder);
  store.create(facts);
  put(store.bucket('states'), 'a', 'one');
  const [part = ''] = readdirSync(path.join(folder, 'states', 'versions'));
  const versions = path.join(folder, 'states', 'versions', part);
  const [file = ''] = readdirSync(versions);
  writeFileSync(path.join(versions, '.unfinished-1-1'), 'half');
  // A second version `null` of the key, as between writing the new one and removing the old.
  const head = JSON.parse(JSON.stringify(store.bucket('states').latest('a'))) as Record<string, unknown>;
  writeFileSync(path.join(versions, file.replace(/-1$/, '-2')), `${JSON.stringify({ ...head, sequence: 2, etag: 'two' })}\ntwo`);

  const again = new BucketStore(folder).bucket('states');
  expect(again.versionsOf('a').map((version) => again.body(version).toString())).toEqual(['two']);
  expect(readdirSync(versions)).toEqual([file.replace(/-1$/, '-2')]);
});

test('a bucket that was being made or removed when the process died is gone', () => {
  const store = new BucketStore(folder);
  store.create(facts);
  store.delete('states');
  writeFileSync(path.join(folder, '.unfinished-9-9'), '');
  expect(new BucketStore(folder).list()).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});

test('names are global, and say whose they are', () => {
  const store = new BucketStore(folder);
  store.create(facts);
  expect(codeOf(() => store.create(facts))).toBe('BucketAlreadyOwnedByYou');
  expect(codeOf(() => store.create({ ...facts, account: '210987654321' }))).toBe('BucketAlreadyExists');
  expect(codeOf(() => store.delete('other'))).toBe('NoSuchBucket');
});

test.each(['ab', 'Upper', 'a_b', '-ab', 'ab-', 'a..b', '10.0.0.1', 'x'.repeat(64), '../etc', 'xn--a', 'a/b'])(
  "%s is no bucket's name",
  (name) => {
    expect(codeOf(() => new BucketStore(folder).create({ ...facts, name }))).toBe('InvalidBucketName');
  },
);

test('force removes a bucket with all it holds', () => {
  const store = new BucketStore(folder);
  store.create(facts);
  put(store.bucket('states'), 'a', 'one');
  expect(codeOf(() => store.delete('states'))).toBe('BucketNotEmpty');
  store.delete('states', { force: true });
  expect(store.has('states')).toBe(false);
});

test('thousands of objects are kept, listed and found again', () => {
  const store = new BucketStore(folder);
  store.create(facts);
  store.set('states', 'versioning', versioned);
  const bucket = store.bucket('states');
  const keys = Array.from({ length: 4000 }, (_, index) => `dev/${index % 40}/unit-${index}/terraform.tfstate`);
  for (const key of keys) put(bucket, key, key);
  const again = new BucketStore(folder).bucket('states');
  expect(again.sortedKeys).toEqual(keys.toSorted());
  for (const key of keys.slice(0, 50)) {
    const version = again.live(key);
    expect(version === undefined ? '' : again.body(version).toString()).toBe(key);
  }
}, 600_000);
