import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect } from '@jest/globals';

import { type Endpoint, freshName, refusal, rule } from './endpoint';

/** What holds for buckets, their settings and their listings. */
export function bucketRules(endpoint: Endpoint): void {
  const Bucket = freshName();
  const constraint = { CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } } as const;
  let s3: S3Client;
  const is = (name: string, body: () => Promise<void>, departs: { readonly moto?: string } = {}) =>
    rule(endpoint.name, name, body, departs);

  beforeAll(async () => {
    s3 = await endpoint.s3('eu-central-1');
    await s3.send(new CreateBucketCommand({ Bucket, ...constraint }));
  });
  afterAll(() => s3.destroy());

  is('finds a bucket, its region and its place in the list', async () => {
    expect((await s3.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe('eu-central-1');
    expect((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe('eu-central-1');
    expect((await s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toContain(Bucket);
  });

  is('makes no bucket on demand', async () => {
    const missing = { Bucket: freshName() };
    expect(await refusal(s3.send(new HeadBucketCommand(missing)))).toMatchObject({ status: 404 });
    expect(await refusal(s3.send(new ListObjectsV2Command(missing)))).toEqual({ name: 'NoSuchBucket', status: 404 });
    expect(await refusal(s3.send(new PutObjectCommand({ ...missing, Key: 'a', Body: 'b' })))).toEqual({
      name: 'NoSuchBucket',
      status: 404,
    });
    expect(await refusal(s3.send(new HeadBucketCommand(missing)))).toMatchObject({ status: 404 });
  });

  is('refuses a second bucket of the name', async () => {
    expect(await refusal(s3.send(new CreateBucketCommand({ Bucket, ...constraint })))).toEqual({
      name: 'BucketAlreadyOwnedByYou',
      status: 409,
    });
  });

  is(
    'refuses a bucket whose name is none',
    async () => {
      expect(await refusal(s3.send(new CreateBucketCommand({ Bucket: 'Not_A_Name', ...constraint })))).toMatchObject({
        name: 'InvalidBucketName',
      });
    },
    { moto: 'takes capitals and underscores' },
  );

  is(
    'refuses a bucket in another region than the request is for',
    async () => {
      const elsewhere = s3.send(
        new CreateBucketCommand({ Bucket: freshName(), CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
      );
      expect(await refusal(elsewhere)).toMatchObject({ name: 'IllegalLocationConstraintException' });
    },
    { moto: 'makes it' },
  );

  is(
    'sends who asks in another region to that of the bucket, whatever the question',
    async () => {
      const elsewhere = await endpoint.s3('eu-west-1');
      const asked = {
        GetObject: () => elsewhere.send(new GetObjectCommand({ Bucket, Key: 'state' })),
        PutObject: () => elsewhere.send(new PutObjectCommand({ Bucket, Key: 'state', Body: '{}' })),
        ListObjectsV2: () => elsewhere.send(new ListObjectsV2Command({ Bucket })),
        HeadBucket: () => elsewhere.send(new HeadBucketCommand({ Bucket })),
      };
      const answers = await Promise.all(
        Object.entries(asked).map(async ([operation, send]) => [operation, await redirectOf(send())] as const),
      );
      elsewhere.destroy();
      expect(answers).toEqual(Object.keys(asked).map((operation) => [operation, { status: 301, region: 'eu-central-1' }]));
      expect((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'state' }))).KeyCount).toBe(0);
    },
    { moto: 'serves a bucket to every region' },
  );

  is('deletes a bucket only when it is empty', async () => {
    const own = { Bucket: freshName() };
    await s3.send(new CreateBucketCommand({ ...own, ...constraint }));
    await s3.send(new PutObjectCommand({ ...own, Key: 'a', Body: 'b' }));
    expect(await refusal(s3.send(new DeleteBucketCommand(own)))).toEqual({ name: 'BucketNotEmpty', status: 409 });
    await s3.send(new DeleteObjectCommand({ ...own, Key: 'a' }));
    await s3.send(new DeleteBucketCommand(own));
    expect(await refusal(s3.send(new HeadBucketCommand(own)))).toMatchObject({ status: 404 });
  });

  is('does not delete a bucket that holds old versions or markers', async () => {
    const own = { Bucket: freshName() };
    await s3.send(new CreateBucketCommand({ ...own, ...constraint }));
    await s3.send(new PutBucketVersioningCommand({ ...own, VersioningConfiguration: { Status: 'Enabled' } }));
    await s3.send(new PutObjectCommand({ ...own, Key: 'a', Body: 'b' }));
    await s3.send(new DeleteObjectCommand({ ...own, Key: 'a' }));
    expect(await refusal(s3.send(new DeleteBucketCommand(own)))).toMatchObject({ name: 'BucketNotEmpty' });
  });

  is('keeps versioning, encryption, lifecycle, logging, tags and ownership', async () => {
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
    const Rules = [
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: 'alias/k' }, BucketKeyEnabled: true },
    ];
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
    expect((await s3.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration?.Rules).toMatchObject(Rules);
    const lifecycle = [
      { ID: 'old', Status: 'Enabled' as const, Filter: { Prefix: '' }, NoncurrentVersionExpiration: { NoncurrentDays: 90 } },
    ];
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: lifecycle } }));
    expect((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toMatchObject([
      { ID: 'old', NoncurrentVersionExpiration: { NoncurrentDays: 90 } },
    ]);
    const TagSet = [{ Key: 'Unit', Value: 'backend/state + more' }];
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet);
    const ownership = { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' as const }] };
    await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: ownership }));
    expect((await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))).OwnershipControls).toEqual(ownership);
  });

  is(
    'keeps the bucket that access logs go to',
    async () => {
      const LoggingEnabled = { TargetBucket: Bucket, TargetPrefix: 'log/' };
      await s3.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: { LoggingEnabled } }));
      expect((await s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled).toMatchObject(LoggingEnabled);
    },
    { moto: 'wants a grant of log delivery on the target first, as AWS did before 2021' },
  );

  is('keeps and removes a policy and the public access block', async () => {
    expect(await refusal(s3.send(new GetBucketPolicyCommand({ Bucket })))).toEqual({ name: 'NoSuchBucketPolicy', status: 404 });
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: `arn:aws:s3:::${Bucket}`,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect(JSON.parse((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy ?? '')).toEqual(JSON.parse(Policy));
    await s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    expect(await refusal(s3.send(new GetBucketPolicyCommand({ Bucket })))).toMatchObject({ status: 404 });
    const block = { BlockPublicAcls: true, IgnorePublicAcls: false, BlockPublicPolicy: true, RestrictPublicBuckets: true };
    await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: block }));
    expect((await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration).toEqual(block);
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    expect(await refusal(s3.send(new GetPublicAccessBlockCommand({ Bucket })))).toEqual({
      name: 'NoSuchPublicAccessBlockConfiguration',
      status: 404,
    });
  });

  is(
    "encrypts by the bucket's default what names no encryption, and by AES256 once that is removed",
    async () => {
      const own = { Bucket: freshName() };
      await s3.send(new CreateBucketCommand({ ...own, ...constraint }));
      const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: 'alias/k' } }];
      await s3.send(new PutBucketEncryptionCommand({ ...own, ServerSideEncryptionConfiguration: { Rules } }));
      expect((await s3.send(new PutObjectCommand({ ...own, Key: 'a', Body: 'b' }))).ServerSideEncryption).toBe('aws:kms');
      await s3.send(new DeleteBucketEncryptionCommand(own));
      expect((await s3.send(new PutObjectCommand({ ...own, Key: 'a', Body: 'b' }))).ServerSideEncryption).toBe('AES256');
    },
    { moto: 'leaves the header out of the answer to a write under a default' },
  );

  is('lists by prefix, groups by delimiter, and pages without losing or repeating a key', async () => {
    const own = { Bucket: freshName() };
    await s3.send(new CreateBucketCommand({ ...own, ...constraint }));
    const keys = ['a', 'dev/eu/a', 'dev/eu/b', 'dev/us/a', 'prod/x', 'z', '\u{1F600}', '\uFFFD'];
    for (const Key of keys) await s3.send(new PutObjectCommand({ ...own, Key, Body: 'x' }));
    const top = await s3.send(new ListObjectsV2Command({ ...own, Delimiter: '/' }));
    expect(top.Contents?.map(({ Key }) => Key)).toEqual(['a', 'z', '\uFFFD', '\u{1F600}']);
    expect(top.CommonPrefixes).toEqual([{ Prefix: 'dev/' }, { Prefix: 'prod/' }]);
    const below = await s3.send(new ListObjectsV2Command({ ...own, Prefix: 'dev/eu/' }));
    expect(below.Contents?.map(({ Key }) => Key)).toEqual(['dev/eu/a', 'dev/eu/b']);
    const seen: string[] = [];
    for (let token: string | undefined = '', first = true; first || token !== undefined; first = false) {
      const page: Awaited<ReturnType<typeof page_>> = await page_(own.Bucket, token ?? '');
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ''));
      token = page.NextContinuationToken;
    }
    expect(seen.toSorted()).toEqual(['a', 'dev/', 'prod/', 'z', '\uFFFD', '\u{1F600}'].toSorted());
    expect((await s3.send(new ListObjectsV2Command({ ...own, StartAfter: 'dev/us/a' }))).Contents?.[0]?.Key).toBe('prod/x');
    expect((await s3.send(new ListObjectsCommand({ ...own, Marker: 'prod/x' }))).Contents?.[0]?.Key).toBe('z');
    expect((await s3.send(new ListObjectsV2Command({ ...own, Prefix: 'none' }))).KeyCount).toBe(0);
  });
  const page_ = (name: string, token: string) =>
    s3.send(new ListObjectsV2Command({ Bucket: name, MaxKeys: 2, Delimiter: '/', ...(token === '' ? {} : { ContinuationToken: token }) }));
}

/** Status of a refusal and the region that its headers name. */
async function redirectOf(sent: Promise<unknown>): Promise<{ readonly status: number | undefined; readonly region: string | undefined }> {
  const error: unknown = await sent.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof S3ServiceException)) return { status: undefined, region: undefined };
  return { status: error.$metadata.httpStatusCode, region: error.$response?.headers['x-amz-bucket-region'] };
}
