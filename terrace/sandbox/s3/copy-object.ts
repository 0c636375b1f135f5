import type { Reply } from '../http/reply';
import type { Bucket } from './bucket';
import type { BucketStore } from './bucket-store';
import { readVerdict } from './conditions';
import { encryptionHeaders, keptHeaders, versionHeader } from './object-headers';
import { checkKey, preconditionFailed, refuseByCondition, requestedVersion } from './object-operations';
import type { S3Request } from './request';
import { S3Error } from './s3-error';
import { tagsOfHeader } from './tags';
import type { Version } from './version';
import { document, element } from '../http/xml';

/** CopyObject within the sandbox, with its conditions and the COPY or REPLACE of metadata and tags. */
export function copyObject(store: BucketStore, bucket: Bucket, request: S3Request): Reply {
  checkKey(request.key);
  const source = copySource(store, request);
  refuseByCondition(request, bucket.live(request.key));
  const replaces = request.headers['x-amz-metadata-directive']?.toUpperCase() === 'REPLACE';
  const itself =
    source.bucket === bucket && source.version.key === request.key && !request.headers['x-amz-copy-source']?.includes('versionId=');
  if (itself && !replaces && request.headers['x-amz-server-side-encryption'] === undefined)
    throw new S3Error(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  const fresh = keptHeaders(request, bucket);
  const { checksum } = source.version;
  const version = bucket.put(
    {
      key: request.key,
      size: source.version.size,
      etag: source.version.etag,
      headers: replaces ? fresh : { ...source.version.headers, ...only(fresh, 'x-amz-server-side-encryption') },
      tags: request.headers['x-amz-tagging-directive'] === 'REPLACE' ? tagsOfHeader(request.headers['x-amz-tagging']) : source.version.tags,
      ...(checksum === undefined ? {} : { checksum }),
    },
    source.bucket.body(source.version),
  );
  const result = [element('LastModified', new Date(version.modified).toISOString()), element('ETag', `"${version.etag}"`)];
  return {
    status: 200,
    headers: {
      'content-type': 'application/xml',
      ...versionHeader(bucket, version),
      ...encryptionHeaders(version),
      'x-amz-copy-source-version-id': source.version.id,
    },
    body: document(element('CopyObjectResult', result), true),
  };
}

/** Source of a copy. Throws S3Error InvalidArgument, NoSuchKey, NoSuchVersion or PreconditionFailed. */
export function copySource(store: BucketStore, request: S3Request): { readonly bucket: Bucket; readonly version: Version } {
  const [address = '', search = ''] = (request.headers['x-amz-copy-source'] ?? '').split('?');
  const match = /^\/?([^/]+)\/(.+)$/s.exec(decoded(address));
  if (match === null) throw new S3Error('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey');
  const bucket = store.bucket(match[1] ?? '');
  const version = requestedVersion(bucket, { key: match[2] ?? '', query: new URLSearchParams(search) });
  if (readVerdict(request.headers, version, 'x-amz-copy-source-') !== 'send') throw preconditionFailed();
  return { bucket, version };
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return '';
  }
}

function only(headers: Readonly<Record<string, string>>, prefix: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith(prefix)));
}
