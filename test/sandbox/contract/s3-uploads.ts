import { createHash } from 'node:crypto';

import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect } from '@jest/globals';

import { type Endpoint, freshName, refusal, rule } from './endpoint';

const part = (letter: string, size = 5 * 1024 * 1024): Buffer => Buffer.alloc(size, letter);

/** What holds for uploads in parts. */
export function uploadRules(endpoint: Endpoint): void {
  const Bucket = freshName();
  let s3: S3Client;
  const begin = async (Key: string): Promise<string> =>
    (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'text/x' }))).UploadId ?? '';
  const send = async (Key: string, UploadId: string, PartNumber: number, Body: Buffer) => ({
    PartNumber,
    ETag: (await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }))).ETag,
  });
  const complete = (
    Key: string,
    UploadId: string,
    Parts: readonly { readonly PartNumber: number; readonly ETag: string | undefined }[],
    more: object = {},
  ) => s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: [...Parts] }, ...more }));
  const is = (name: string, body: () => Promise<void>, departs: { readonly moto?: string } = {}) =>
    rule(endpoint.name, name, body, departs);

  beforeAll(async () => {
    s3 = await endpoint.s3('eu-central-1');
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }));
  });
  afterAll(() => s3.destroy());

  is('joins the parts in order, with the ETag of their ETags', async () => {
    const id = await begin('big');
    const second = await send('big', id, 2, Buffer.from('end'));
    const first = await send('big', id, 1, part('a'));
    expect(
      (await s3.send(new ListPartsCommand({ Bucket, Key: 'big', UploadId: id }))).Parts?.map(({ PartNumber, Size }) => [PartNumber, Size]),
    ).toEqual([
      [1, 5_242_880],
      [2, 3],
    ]);
    const digests = [part('a'), Buffer.from('end')].map((body) => createHash('md5').update(body).digest());
    const ETag = `"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-2"`;
    expect((await complete('big', id, [first, second])).ETag).toBe(ETag);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'big' }));
    expect(got).toMatchObject({ ETag, ContentType: 'text/x', ContentLength: 5_242_883 });
    expect((await got.Body?.transformToString())?.slice(-5)).toBe('aaend');
  });

  is('refuses parts that are unknown or too small', async () => {
    const id = await begin('wrong');
    const one = await send('wrong', id, 1, Buffer.from('small'));
    const two = await send('wrong', id, 2, part('b'));
    expect(await refusal(complete('wrong', id, [one, two]))).toMatchObject({ name: 'EntityTooSmall' });
    expect(await refusal(complete('wrong', id, [{ ...one, ETag: two.ETag }]))).toMatchObject({ name: 'InvalidPart' });
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: 'wrong' })))).toMatchObject({ name: 'NoSuchKey' });
  });

  is(
    'refuses parts that are out of order',
    async () => {
      const id = await begin('disordered');
      const one = await send('disordered', id, 1, Buffer.from('end'));
      const two = await send('disordered', id, 2, part('b'));
      expect(await refusal(complete('disordered', id, [two, one]))).toEqual({ name: 'InvalidPartOrder', status: 400 });
    },
    { moto: 'joins them as they are named' },
  );

  is(
    'forgets an upload that was aborted',
    async () => {
      const id = await begin('aborted');
      expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads?.map(({ UploadId }) => UploadId)).toContain(id);
      await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'aborted', UploadId: id }));
      expect(await refusal(s3.send(new UploadPartCommand({ Bucket, Key: 'aborted', UploadId: id, PartNumber: 1, Body: 'x' })))).toEqual({
        name: 'NoSuchUpload',
        status: 404,
      });
    },
    { moto: 'fails with 500 on a part of an upload that is gone' },
  );

  is('completes with If-None-Match: * only where nothing is', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'taken', Body: 'first' }));
    const id = await begin('taken');
    const only = await send('taken', id, 1, Buffer.from('second'));
    expect(await refusal(complete('taken', id, [only], { IfNoneMatch: '*' }))).toEqual({ name: 'PreconditionFailed', status: 412 });
  });

  is('takes a part out of another object', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'source', Body: '0123456789' }));
    const id = await begin('copied');
    const copied = await s3.send(
      new UploadPartCopyCommand({
        Bucket,
        Key: 'copied',
        UploadId: id,
        PartNumber: 1,
        CopySource: `${Bucket}/source`,
        CopySourceRange: 'bytes=2-5',
      }),
    );
    await complete('copied', id, [{ PartNumber: 1, ETag: copied.CopyPartResult?.ETag }]);
    expect(await (await s3.send(new GetObjectCommand({ Bucket, Key: 'copied' }))).Body?.transformToString()).toBe('2345');
  });
}
