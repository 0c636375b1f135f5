import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect } from '@jest/globals';

import { type Endpoint, freshName, refusal, rule } from './endpoint';

/** What holds for single objects without versions. */
export function objectRules(endpoint: Endpoint): void {
  const Bucket = freshName();
  let s3: S3Client;
  const put = (Key: string, Body: string, more: object = {}) => s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const text = async (Key: string): Promise<string> =>
    (await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()) ?? '';
  const is = (name: string, body: () => Promise<void>, departs: { readonly moto?: string } = {}) =>
    rule(endpoint.name, name, body, departs);

  beforeAll(async () => {
    s3 = await endpoint.s3('eu-central-1');
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }));
  });
  afterAll(() => s3.destroy());

  is('gives back body, type and metadata, with the MD5 as ETag', async () => {
    const ETag = `"${createHash('md5').update('hello').digest('hex')}"`;
    expect((await put('a', 'hello', { ContentType: 'application/json', CacheControl: 'no-store', Metadata: { owner: 'me' } })).ETag).toBe(
      ETag,
    );
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'a' }));
    expect(got).toMatchObject({
      ETag,
      ContentType: 'application/json',
      CacheControl: 'no-store',
      Metadata: { owner: 'me' },
      ContentLength: 5,
    });
    expect(await got.Body?.transformToString()).toBe('hello');
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }))).toMatchObject({ ETag, ContentLength: 5 });
  });

  is('answers an empty object, and 404 for a missing one', async () => {
    await put('empty', '', { ContentLength: 0 });
    expect(await text('empty')).toBe('');
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: 'missing' })))).toEqual({ name: 'NoSuchKey', status: 404 });
    expect(await refusal(s3.send(new HeadObjectCommand({ Bucket, Key: 'missing' })))).toEqual({ name: 'NotFound', status: 404 });
  });

  is('keeps keys with blanks, signs, other scripts and doubled slashes apart', async () => {
    const keys = ['a b', 'a+b', 'a%20b', 'a/b//c', 'ä/ö', '日本/😀', "it's (1)!*", 'a&b=c?d', 'trailing/'];
    for (const key of keys) await put(key, `body of ${key}`);
    for (const key of keys) expect(await text(key)).toBe(`body of ${key}`);
  });

  is('gives ranges of bytes', async () => {
    await put('range', '0123456789');
    const range = async (Range: string) => {
      const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'range', Range }));
      return [await got.Body?.transformToString(), got.ContentRange, got.$metadata.httpStatusCode];
    };
    expect(await range('bytes=2-4')).toEqual(['234', 'bytes 2-4/10', 206]);
    expect(await range('bytes=7-')).toEqual(['789', 'bytes 7-9/10', 206]);
    expect(await range('bytes=-3')).toEqual(['789', 'bytes 7-9/10', 206]);
    expect(await refusal(range('bytes=10-'))).toEqual({ name: 'InvalidRange', status: 416 });
  });

  is('stores a body whose checksum follows it in a trailer, without the chunk marks', async () => {
    const body = 'x'.repeat(100_000);
    const Body = Readable.from([Buffer.from(body.slice(0, 30_000)), Buffer.from(body.slice(30_000))]);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength: body.length, ChecksumAlgorithm: 'SHA256' }));
    expect(await text('stream')).toBe(body);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'stream', ChecksumMode: 'ENABLED' }));
    expect(head.ContentEncoding ?? '').not.toContain('aws-chunked');
    expect(head.ChecksumSHA256).toBe(createHash('sha256').update(body).digest('base64'));
  });

  is(
    'refuses a body that is not the one that was signed or summed',
    async () => {
      const wrong = createHash('md5').update('other').digest('base64');
      expect(await refusal(put('bad', 'body', { ContentMD5: wrong }))).toEqual({ name: 'BadDigest', status: 400 });
      const sum = createHash('sha256').update('other').digest('base64');
      expect(await refusal(put('bad', 'body', { ChecksumSHA256: sum }))).toMatchObject({ status: 400 });
      expect(await refusal(s3.send(new HeadObjectCommand({ Bucket, Key: 'bad' })))).toMatchObject({ status: 404 });
    },
    { moto: 'stores a body with a wrong Content-MD5 or checksum' },
  );

  is('writes with If-None-Match: * only where nothing is', async () => {
    await put('once', 'first', { IfNoneMatch: '*' });
    expect(await refusal(put('once', 'second', { IfNoneMatch: '*' }))).toEqual({ name: 'PreconditionFailed', status: 412 });
    expect(await text('once')).toBe('first');
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'once' }));
    await put('once', 'third', { IfNoneMatch: '*' });
    expect(await text('once')).toBe('third');
  });

  is('lets one of eight writers with If-None-Match: * win', async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => put('race', String(index), { IfNoneMatch: '*' })));
    const winners = results.flatMap((result, index) => (result.status === 'fulfilled' ? [String(index)] : []));
    expect(winners).toHaveLength(1);
    expect([await text('race')]).toEqual(winners);
  });

  is('writes with If-Match only over that version', async () => {
    const { ETag } = await put('match', 'first');
    await put('match', 'second', { IfMatch: ETag });
    expect(await refusal(put('match', 'third', { IfMatch: ETag }))).toEqual({ name: 'PreconditionFailed', status: 412 });
    expect(await refusal(put('no-match', 'third', { IfMatch: ETag }))).toMatchObject({ status: 404 });
    expect(await text('match')).toBe('second');
  });

  is('reads with If-None-Match and If-Match as they say', async () => {
    const { ETag } = await put('read', 'body');
    const get = (more: object) => s3.send(new GetObjectCommand({ Bucket, Key: 'read', ...more }));
    expect(await refusal(get({ IfNoneMatch: ETag }))).toMatchObject({ status: 304 });
    expect((await get({ IfMatch: ETag })).ContentLength).toBe(4);
    expect(await refusal(get({ IfMatch: '"00000000000000000000000000000000"' }))).toMatchObject({ status: 412 });
  });

  is('deletes, and deleting again succeeds', async () => {
    await put('gone', 'body');
    expect((await s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }))).$metadata.httpStatusCode).toBe(204);
    expect((await s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }))).$metadata.httpStatusCode).toBe(204);
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: 'gone' })))).toMatchObject({ name: 'NoSuchKey' });
  });

  is('repeats the encryption that a write asked for', async () => {
    const SSEKMSKeyId = 'arn:aws:kms:eu-central-1:123456789012:alias/terraform-state';
    const written = await put('kms', 'body', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId });
    expect(written).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId });
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'kms' }))).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId });
  });

  is(
    'encrypts with AES256 what asked for nothing',
    async () => {
      await put('plain', 'body');
      expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'plain' }))).ServerSideEncryption).toBe('AES256');
    },
    { moto: 'leaves the header out for objects under the default of AWS since 2023' },
  );

  is("copies within the service, with the source's metadata or with new one", async () => {
    await put('source', 'copied', { Metadata: { from: 'source' }, ContentType: 'text/plain' });
    const CopySource = `${Bucket}/source`;
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource }));
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'copy' }))).toMatchObject({
      Metadata: { from: 'source' },
      ContentType: 'text/plain',
    });
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy2', CopySource, MetadataDirective: 'REPLACE', Metadata: { from: 'copy' } }));
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'copy2' }))).Metadata).toEqual({ from: 'copy' });
    expect(await text('copy2')).toBe('copied');
    const missing = s3.send(new CopyObjectCommand({ Bucket, Key: 'copy3', CopySource: `${Bucket}/nothing` }));
    expect(await refusal(missing)).toMatchObject({ name: 'NoSuchKey', status: 404 });
  });

  is('keeps tags of objects', async () => {
    await put('tagged', 'body', { Tagging: 'a=1&b=two%20words' });
    const tags = async () => (await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'tagged' }))).TagSet;
    expect(await tags()).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: 'two words' },
    ]);
    await s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'tagged', Tagging: { TagSet: [{ Key: 'c', Value: 'c=3 @x' }] } }));
    expect(await tags()).toEqual([{ Key: 'c', Value: 'c=3 @x' }]);
    expect(await text('tagged')).toBe('body');
    const bad = s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'tagged', Tagging: { TagSet: [{ Key: 'c', Value: '<3>' }] } }));
    expect(await refusal(bad)).toEqual({ name: 'InvalidTag', status: 400 });
  });
}
