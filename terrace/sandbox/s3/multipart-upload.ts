import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { readJson, removeFolder, replaceFile } from '../storage/durable-file';
import type { Bucket } from './bucket';
import { type Checksum, type ChecksumName, md5 } from './checksum';
import { S3Error } from './s3-error';

/** What was said when an upload began; `upload.json` in its folder. */
export interface UploadFacts {
  readonly id: string;
  readonly key: string;
  readonly started: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly checksum?: { readonly name: ChecksumName; readonly type: 'FULL_OBJECT' | 'COMPOSITE' };
}

/** One stored part; its facts stand beside its bytes. */
export interface Part {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  readonly checksum?: Checksum;
}

/** Begins an upload of a key. */
export function beginUpload(bucket: Bucket, facts: Omit<UploadFacts, 'id' | 'started'>): UploadFacts {
  const upload: UploadFacts = { ...facts, id: randomBytes(24).toString('base64url'), started: Date.now() };
  replaceFile(path.join(bucket.uploads, upload.id, 'upload.json'), JSON.stringify(upload));
  return upload;
}

/** The upload of that id and key. Throws S3Error NoSuchUpload. */
export function uploadOf(bucket: Bucket, key: string, id: string): UploadFacts {
  const facts = /^[\w-]{1,128}$/.test(id) ? (readJson(path.join(bucket.uploads, id, 'upload.json')) as UploadFacts | undefined) : undefined;
  if (facts === undefined || facts.key !== key)
    throw new S3Error(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      {},
      { UploadId: id },
    );
  return facts;
}

/** All uploads under way, by key and start. */
export function uploadsOf(bucket: Bucket): readonly UploadFacts[] {
  return bucket
    .uploadIds()
    .flatMap((id) => {
      const facts = readJson(path.join(bucket.uploads, id, 'upload.json')) as UploadFacts | undefined;
      return facts === undefined ? [] : [facts];
    })
    .sort((left, right) => (left.key === right.key ? left.started - right.started : left.key < right.key ? -1 : 1));
}

/** Stores a part, replacing an earlier one of its number. Throws S3Error InvalidArgument for a number outside 1…10000. */
export function storePart(bucket: Bucket, upload: UploadFacts, number: number, body: Buffer, checksum: Checksum | undefined): Part {
  if (!Number.isInteger(number) || number < 1 || number > 10_000)
    throw new S3Error('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
  const part: Part = { number, size: body.length, etag: md5(body), modified: Date.now(), ...(checksum === undefined ? {} : { checksum }) };
  const folder = path.join(bucket.uploads, upload.id);
  replaceFile(path.join(folder, `${number}.part`), [Buffer.from(`${JSON.stringify(part)}\n`), body]);
  return part;
}

/** Stored parts by number. */
export function partsOf(bucket: Bucket, upload: UploadFacts): readonly Part[] {
  return readdirSync(path.join(bucket.uploads, upload.id))
    .filter((name) => name.endsWith('.part'))
    .map((name) => JSON.parse(splitPart(bucket, upload, name).head) as Part)
    .sort((left, right) => left.number - right.number);
}

/** Bytes of a stored part. */
export function partBody(bucket: Bucket, upload: UploadFacts, part: Part): Buffer {
  return splitPart(bucket, upload, `${part.number}.part`).body;
}

/** Forgets an upload and its parts. */
export function dropUpload(bucket: Bucket, upload: UploadFacts): void {
  removeFolder(path.join(bucket.uploads, upload.id));
}

function splitPart(bucket: Bucket, upload: UploadFacts, name: string): { readonly head: string; readonly body: Buffer } {
  const content = readFileSync(path.join(bucket.uploads, upload.id, name));
  const end = content.indexOf(0x0a);
  return { head: content.toString('utf8', 0, end), body: content.subarray(end + 1) };
}
