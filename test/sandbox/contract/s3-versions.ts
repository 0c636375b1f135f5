import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect } from '@jest/globals';

import { type Endpoint, freshName, refusal, rule } from './endpoint';

/** What holds for versions and delete markers. */
export function versionRules(endpoint: Endpoint): void {
  const Bucket = freshName();
  let s3: S3Client;
  const put = (Key: string, Body: string, more: object = {}) => s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const text = async (Key: string, VersionId?: string): Promise<string> =>
    (await (
      await s3.send(new GetObjectCommand({ Bucket, Key, ...(VersionId === undefined ? {} : { VersionId }) }))
    ).Body?.transformToString()) ?? '';
  const versions = (Prefix: string, more: object = {}) => s3.send(new ListObjectVersionsCommand({ Bucket, Prefix, ...more }));
  const is = (name: string, body: () => Promise<void>, departs: { readonly moto?: string } = {}) =>
    rule(endpoint.name, name, body, departs);

  beforeAll(async () => {
    s3 = await endpoint.s3('eu-central-1');
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }));
    await put('before', 'unversioned');
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  });
  afterAll(() => s3.destroy());

  is('gives each write an id, under which its body stays', async () => {
    const first = (await put('state', 'one')).VersionId;
    const second = (await put('state', 'two')).VersionId;
    expect(first).not.toBe(second);
    expect([await text('state'), await text('state', first), await text('state', second)]).toEqual(['two', 'one', 'two']);
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'state' }))).VersionId).toBe(second);
  });

  is('refuses an unknown version instead of giving the latest', async () => {
    await put('known', 'body');
    const unknown = (await put('other', 'body')).VersionId ?? '';
    expect(await refusal(text('known', unknown))).toEqual({ name: 'NoSuchVersion', status: 404 });
  });

  is('hides an object behind a delete marker, and shows it again without the marker', async () => {
    const { VersionId } = await put('hidden', 'body');
    const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'hidden' }));
    expect(marker.DeleteMarker).toBe(true);
    expect(await refusal(text('hidden'))).toEqual({ name: 'NoSuchKey', status: 404 });
    expect(await text('hidden', VersionId)).toBe('body');
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'hidden', VersionId: marker.VersionId }));
    expect(await text('hidden')).toBe('body');
  });

  is(
    'gives no body for the id of a delete marker',
    async () => {
      await put('marked', 'body');
      const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'marked' }));
      expect(await refusal(text('marked', marker.VersionId))).toEqual({ name: 'MethodNotAllowed', status: 405 });
    },
    { moto: 'answers 404' },
  );

  is('lets If-None-Match: * write over a delete marker', async () => {
    await put('lock', 'first');
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'lock' }));
    await put('lock', 'second', { IfNoneMatch: '*' });
    expect(await text('lock')).toBe('second');
  });

  is('lists versions and markers, the latest first', async () => {
    const first = await put('listed', 'one');
    const second = await put('listed', 'two');
    const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'listed' }));
    const page = await versions('listed');
    expect(page.Versions?.map(({ VersionId, IsLatest, Size }) => [VersionId, IsLatest, Size])).toEqual([
      [second.VersionId, false, 3],
      [first.VersionId, false, 3],
    ]);
    expect(page.DeleteMarkers?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([[marker.VersionId, true]]);
  });

  is('pages versions within a key and between keys without losing or repeating one', async () => {
    const written: string[] = [];
    for (const key of ['page/a', 'page/b', 'page/c'])
      for (let index = 0; index < 3; index += 1) written.unshift(`${key} ${(await put(key, String(index))).VersionId}`);
    const seen: string[] = [];
    for (let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {}; marker !== undefined;) {
      const page = await versions('page/', { MaxKeys: 2, ...marker });
      expect(page.Versions?.length).toBeLessThanOrEqual(2);
      seen.push(...(page.Versions ?? []).map(({ Key, VersionId }) => `${Key} ${VersionId}`));
      marker = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
    }
    expect([...seen].sort()).toEqual([...written].sort());
    expect(seen).toHaveLength(9);
  });

  is('removes one version for good and leaves the others', async () => {
    const first = await put('pruned', 'one');
    const second = await put('pruned', 'two');
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'pruned', VersionId: second.VersionId }));
    expect(await text('pruned')).toBe('one');
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'pruned', VersionId: first.VersionId }));
    expect((await versions('pruned')).Versions ?? []).toEqual([]);
  });

  is('removes many versions in one request and says what became of each', async () => {
    const [one, two] = [await put('many/1', 'x'), await put('many/2', 'x')];
    const Objects = [
      { Key: 'many/1', VersionId: one.VersionId },
      { Key: 'many/2', VersionId: two.VersionId },
    ];
    const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted?.map(({ Key, VersionId }) => [Key, VersionId])).toEqual(Objects.map(({ Key, VersionId }) => [Key, VersionId]));
    const marked = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'known' }] } }));
    expect(marked.Deleted?.[0]).toMatchObject({ Key: 'known', DeleteMarker: true });
  });

  is(
    'keeps what was there before versioning as the version null, and writes null again while it is suspended',
    async () => {
      await put('before', 'versioned');
      expect(await text('before', 'null')).toBe('unversioned');
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }));
      await put('before', 'suspended');
      await put('before', 'suspended again');
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
      expect(await text('before', 'null')).toBe('suspended again');
      expect((await versions('before')).Versions).toHaveLength(2);
    },
    { moto: 'keeps every write made while versioning is suspended' },
  );
}
