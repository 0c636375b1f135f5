import type { Reply } from '../http/reply';
import type { Bucket } from './bucket';
import { md5 } from './checksum';
import { readVerdict, writeVerdict } from './conditions';
import { byteRange, encryptionHeaders, keptHeaders, objectHeaders, versionHeader } from './object-headers';
import type { S3Request } from './request';
import { S3Error } from './s3-error';
import { tagsOfHeader, tagsOfXml, tagsXml } from './tags';
import type { Version } from './version';

/** PutObject. The condition and the write are one step. Throws S3Error PreconditionFailed, NoSuchKey, KeyTooLongError. */
export function putObject(bucket: Bucket, request: S3Request): Reply {
  checkKey(request.key);
  refuseByCondition(request, bucket.live(request.key));
  const { checksum } = request;
  const version = bucket.put(
    {
      key: request.key,
      size: request.body.length,
      etag: md5(request.body),
      headers: keptHeaders(request, bucket),
      tags: tagsOfHeader(request.headers['x-amz-tagging']),
      ...(checksum === undefined ? {} : { checksum: { ...checksum, type: 'FULL_OBJECT' } }),
    },
    request.body,
  );
  return {
    status: 200,
    headers: {
      etag: `"${version.etag}"`,
      ...versionHeader(bucket, version),
      ...encryptionHeaders(version),
      ...(checksum === undefined ? {} : { [`x-amz-checksum-${checksum.name}`]: checksum.value, 'x-amz-checksum-type': 'FULL_OBJECT' }),
    },
  };
}

/** GetObject and HeadObject, with version id, range, part number and conditions. */
export function getObject(bucket: Bucket, request: S3Request): Reply {
  const version = requestedVersion(bucket, request);
  const headers = objectHeaders(bucket, version, request);
  const verdict = readVerdict(request.headers, version);
  if (verdict === 'notModified') return { status: 304, headers };
  if (verdict === 'preconditionFailed') throw preconditionFailed();
  const range = partRange(version, request.query.get('partNumber')) ?? byteRange(request.headers.range, version.size);
  const length = range === undefined ? version.size : range.last - range.first + 1;
  const sized = { ...headers, 'content-length': String(length) };
  const whole = range === undefined ? sized : { ...sized, 'content-range': `bytes ${range.first}-${range.last}/${version.size}` };
  const status = range === undefined ? 200 : 206;
  if (request.method === 'HEAD') return { status, headers: whole };
  const body = bucket.body(version);
  return { status, headers: whole, body: range === undefined ? body : body.subarray(range.first, range.last + 1) };
}

/** DeleteObject: a delete marker, or one version for good. Deleting what is not there succeeds, as in S3. */
export function deleteObject(bucket: Bucket, request: S3Request): Reply {
  const removed = removeVersion(bucket, request.key, request.query.get('versionId') ?? undefined, request.headers['if-match']);
  return {
    status: 204,
    headers: {
      ...(removed.versionId === undefined ? {} : { 'x-amz-version-id': removed.versionId }),
      ...(removed.deleteMarker ? { 'x-amz-delete-marker': 'true' } : {}),
    },
  };
}

/** Removes one version, or what a delete without version id means in this bucket. Throws S3Error PreconditionFailed, NoSuchKey. */
export function removeVersion(
  bucket: Bucket,
  key: string,
  id: string | undefined,
  ifMatch: string | undefined,
): { readonly versionId: string | undefined; readonly deleteMarker: boolean } {
  const condition = { 'if-match': ifMatch };
  if (id !== undefined) {
    const version = bucket.version(key, id);
    if (ifMatch !== undefined) refuseByCondition({ headers: condition, key }, version);
    if (version !== undefined) bucket.remove(version);
    return { versionId: id, deleteMarker: version?.deleteMarker === true };
  }
  refuseByCondition({ headers: condition, key }, bucket.live(key));
  if (bucket.facts.settings.versioning !== undefined) {
    const marker = bucket.mark(key);
    return { versionId: marker.id, deleteMarker: true };
  }
  const version = bucket.version(key, 'null');
  if (version !== undefined) bucket.remove(version);
  return { versionId: undefined, deleteMarker: false };
}

/** GET, PUT and DELETE of an object's tags. */
export function objectTagging(bucket: Bucket, request: S3Request): Reply {
  const version = requestedVersion(bucket, request);
  const headers = versionHeader(bucket, version);
  if (request.method === 'GET')
    return { status: 200, headers: { ...headers, 'content-type': 'application/xml' }, body: tagsXml(version.tags) };
  bucket.retag(version, request.method === 'PUT' ? tagsOfXml(request.body.toString('utf8'), 10) : {});
  return { status: request.method === 'PUT' ? 200 : 204, headers };
}

/** The version that a request means. Throws S3Error NoSuchKey, NoSuchVersion, or MethodNotAllowed for a delete marker's id. */
export function requestedVersion(bucket: Bucket, request: Pick<S3Request, 'key' | 'query'>): Version {
  const id = request.query.get('versionId');
  if (id !== null) {
    const version = bucket.version(request.key, id);
    if (version === undefined)
      throw new S3Error('NoSuchVersion', 'The specified version does not exist.', {}, { Key: request.key, VersionId: id });
    if (version.deleteMarker)
      throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
        'x-amz-delete-marker': 'true',
        'x-amz-version-id': id,
        allow: 'DELETE',
      });
    return version;
  }
  const latest = bucket.latest(request.key);
  if (latest === undefined || latest.deleteMarker)
    throw noSuchKey(request.key, latest === undefined ? {} : { 'x-amz-delete-marker': 'true', 'x-amz-version-id': latest.id });
  return latest;
}

/** Throws S3Error PreconditionFailed or NoSuchKey where the request's conditions forbid a write over the live version. */
export function refuseByCondition(request: Pick<S3Request, 'headers' | 'key'>, live: Version | undefined): void {
  const verdict = writeVerdict(request.headers, live);
  if (verdict === 'missing') throw noSuchKey(request.key);
  if (verdict === 'preconditionFailed') throw preconditionFailed();
}

/** Throws S3Error KeyTooLongError for a key above 1024 bytes. */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > 1024) throw new S3Error('KeyTooLongError', 'Your key is too long');
}

export function preconditionFailed(): S3Error {
  return new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
}

function noSuchKey(key: string, headers: Readonly<Record<string, string>> = {}): S3Error {
  return new S3Error('NoSuchKey', 'The specified key does not exist.', headers, { Key: key });
}

function partRange(version: Version, part: string | null): { readonly first: number; readonly last: number } | undefined {
  if (part === null) return undefined;
  const sizes = version.parts ?? [version.size];
  const number = Number(part);
  const size = sizes[number - 1];
  if (size === undefined) throw new S3Error('InvalidRange', 'The requested partnumber is not satisfiable');
  const first = sizes.slice(0, number - 1).reduce((sum, one) => sum + one, 0);
  return { first, last: first + size - 1 };
}
