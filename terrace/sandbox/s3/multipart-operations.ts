import { createHash } from 'node:crypto';

import type { Reply } from '../http/reply';
import type { Bucket } from './bucket';
import type { BucketStore } from './bucket-store';
import { checksumNames, checksumOf, compositeChecksum } from './checksum';
import { copySource } from './copy-object';
import {
  beginUpload,
  dropUpload,
  type Part,
  partBody,
  partsOf,
  storePart,
  uploadOf,
  type UploadFacts,
  uploadsOf,
} from './multipart-upload';
import { byteRange, encryptionHeaders, keptHeaders, versionHeader } from './object-headers';
import { checkKey, refuseByCondition } from './object-operations';
import type { S3Request } from './request';
import { S3Error } from './s3-error';
import { tagsOfHeader } from './tags';
import { children, document, element, parseXml, textAt } from '../http/xml';

/** Smallest part but the last. */
const smallestPart = 5 * 1024 * 1024;

/** CreateMultipartUpload. */
export function createUpload(bucket: Bucket, request: S3Request): Reply {
  checkKey(request.key);
  const wanted = request.headers['x-amz-checksum-algorithm']?.toLowerCase();
  const name = checksumNames.find((one) => one === wanted);
  if (wanted !== undefined && name === undefined) throw new S3Error('InvalidRequest', 'Checksum algorithm provided is unsupported.');
  const type = request.headers['x-amz-checksum-type'] === 'FULL_OBJECT' || name === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE';
  const upload = beginUpload(bucket, {
    key: request.key,
    headers: keptHeaders(request, bucket),
    tags: tagsOfHeader(request.headers['x-amz-tagging']),
    ...(name === undefined ? {} : { checksum: { name, type } }),
  });
  const result = [element('Bucket', bucket.facts.name), element('Key', request.key), element('UploadId', upload.id)];
  return {
    status: 200,
    headers: {
      'content-type': 'application/xml',
      ...(name === undefined ? {} : { 'x-amz-checksum-algorithm': name.toUpperCase(), 'x-amz-checksum-type': type }),
    },
    body: document(element('InitiateMultipartUploadResult', result), true),
  };
}

/** UploadPart, and UploadPartCopy where a source is named. */
export function uploadPart(store: BucketStore, bucket: Bucket, request: S3Request): Reply {
  const upload = uploadOf(bucket, request.key, request.query.get('uploadId') ?? '');
  const number = Number(request.query.get('partNumber'));
  if (request.headers['x-amz-copy-source'] === undefined) {
    const part = storePart(bucket, upload, number, request.body, request.checksum);
    const checksum = part.checksum === undefined ? {} : { [`x-amz-checksum-${part.checksum.name}`]: part.checksum.value };
    return { status: 200, headers: { etag: `"${part.etag}"`, ...checksum } };
  }
  const source = copySource(store, request);
  const range = byteRange(request.headers['x-amz-copy-source-range'], source.version.size);
  const whole = source.bucket.body(source.version);
  const part = storePart(bucket, upload, number, range === undefined ? whole : whole.subarray(range.first, range.last + 1), undefined);
  const result = [element('LastModified', new Date(part.modified).toISOString()), element('ETag', `"${part.etag}"`)];
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: document(element('CopyPartResult', result), true) };
}

/** CompleteMultipartUpload: the parts named, in order, become one object; conditions as for PutObject. */
export function completeUpload(bucket: Bucket, request: S3Request): Reply {
  const upload = uploadOf(bucket, request.key, request.query.get('uploadId') ?? '');
  const parts = chosenParts(request.body.toString('utf8'), partsOf(bucket, upload));
  refuseByCondition(request, bucket.live(request.key));
  const body = Buffer.concat(parts.map((part) => partBody(bucket, upload, part)));
  const digests = Buffer.concat(parts.map((part) => Buffer.from(part.etag, 'hex')));
  const checksum = uploadChecksum(upload, parts, body);
  const version = bucket.put(
    {
      key: upload.key,
      size: body.length,
      etag: `${createHash('md5').update(digests).digest('hex')}-${parts.length}`,
      headers: upload.headers,
      tags: upload.tags,
      parts: parts.map((part) => part.size),
      ...(checksum === undefined ? {} : { checksum }),
    },
    body,
  );
  dropUpload(bucket, upload);
  const result = [
    element('Location', `http://${bucket.facts.name}.s3.sandbox/${encodeURI(upload.key)}`),
    element('Bucket', bucket.facts.name),
    element('Key', upload.key),
    element('ETag', `"${version.etag}"`),
    ...(checksum === undefined
      ? []
      : [element(`Checksum${checksum.name.toUpperCase()}`, checksum.value), element('ChecksumType', checksum.type)]),
  ];
  return {
    status: 200,
    headers: { 'content-type': 'application/xml', ...versionHeader(bucket, version), ...encryptionHeaders(version) },
    body: document(element('CompleteMultipartUploadResult', result), true),
  };
}

/** AbortMultipartUpload. */
export function abortUpload(bucket: Bucket, request: S3Request): Reply {
  dropUpload(bucket, uploadOf(bucket, request.key, request.query.get('uploadId') ?? ''));
  return { status: 204, headers: {} };
}

/** ListParts: all of them in one page. */
export function listParts(bucket: Bucket, request: S3Request): Reply {
  const upload = uploadOf(bucket, request.key, request.query.get('uploadId') ?? '');
  const rows = partsOf(bucket, upload).map((part) =>
    element('Part', [
      element('PartNumber', part.number),
      element('LastModified', new Date(part.modified).toISOString()),
      element('ETag', `"${part.etag}"`),
      element('Size', part.size),
    ]),
  );
  const head = [element('Bucket', bucket.facts.name), element('Key', upload.key), element('UploadId', upload.id)];
  const result = element('ListPartsResult', [...head, element('MaxParts', 10_000), element('IsTruncated', false), ...rows]);
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: document(result, true) };
}

/** ListMultipartUploads: all of them in one page. */
export function listUploads(bucket: Bucket, request: S3Request): Reply {
  const prefix = request.query.get('prefix') ?? '';
  const rows = uploadsOf(bucket)
    .filter((upload) => upload.key.startsWith(prefix))
    .map((upload) =>
      element('Upload', [
        element('Key', upload.key),
        element('UploadId', upload.id),
        element('Initiated', new Date(upload.started).toISOString()),
        element('StorageClass', 'STANDARD'),
      ]),
    );
  const head = [
    element('Bucket', bucket.facts.name),
    element('Prefix', prefix),
    element('MaxUploads', 1000),
    element('IsTruncated', false),
  ];
  const result = element('ListMultipartUploadsResult', [...head, ...rows]);
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: document(result, true) };
}

function chosenParts(body: string, stored: readonly Part[]): readonly Part[] {
  let named;
  try {
    const root = parseXml(body);
    named = root.name === 'CompleteMultipartUpload' ? children(root, 'Part') : [];
  } catch {
    named = [];
  }
  if (named.length === 0)
    throw new S3Error('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
  const numbers = named.map((one) => Number(textAt(one, 'PartNumber')));
  if (numbers.some((number, index) => index > 0 && number <= (numbers[index - 1] ?? 0)))
    throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order. Parts must be ordered by part number.');
  return named.map((one, index) => {
    const number = numbers[index];
    const etag = (textAt(one, 'ETag') ?? '').replaceAll('"', '');
    const part = stored.find((other) => other.number === number && other.etag === etag);
    if (part === undefined)
      throw new S3Error(
        'InvalidPart',
        'One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match.',
      );
    if (index < named.length - 1 && part.size < smallestPart)
      throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
    return part;
  });
}

function uploadChecksum(upload: UploadFacts, parts: readonly Part[], body: Buffer) {
  if (upload.checksum === undefined) return undefined;
  const { name, type } = upload.checksum;
  if (type === 'FULL_OBJECT') return { name, type, value: checksumOf(name, body) };
  const values = parts.flatMap((part) => (part.checksum?.name === name ? [part.checksum.value] : []));
  return values.length === parts.length ? { name, type, value: compositeChecksum(name, values) } : undefined;
}
