import { defaultEncryption } from './bucket-settings';
import type { Bucket } from './bucket';
import type { S3Request } from './request';
import { S3Error } from './s3-error';
import type { Version } from './version';

const kept = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'x-amz-website-redirect-location',
] as const;
const encryption = [
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-bucket-key-enabled',
] as const;

/** Headers to keep of a PUT, an upload or a copy: content, metadata, and encryption (the bucket's default where none is named). */
export function keptHeaders(request: S3Request, bucket: Bucket): Readonly<Record<string, string>> {
  const headers: Record<string, string> = { 'content-type': 'application/octet-stream' };
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined) continue;
    if (name.startsWith('x-amz-meta-') || kept.some((other) => other === name)) headers[name] = value;
  }
  const coding = headers['content-encoding']
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked' && part !== '')
    .join(', ');
  if (coding === undefined || coding === '') delete headers['content-encoding'];
  else headers['content-encoding'] = coding;
  return { ...headers, ...encryptionOf(request, bucket) };
}

function encryptionOf(request: S3Request, bucket: Bucket): Readonly<Record<string, string>> {
  const algorithm = request.headers['x-amz-server-side-encryption'];
  if (algorithm === undefined) return defaultEncryption(bucket.facts.settings.encryption);
  if (algorithm !== 'AES256' && algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse')
    throw new S3Error('InvalidArgument', 'The encryption method specified is not supported');
  return Object.fromEntries(
    encryption.flatMap((name) => {
      const value = request.headers[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** Encryption headers alone, which the answer to a PUT repeats. */
export function encryptionHeaders(version: Version): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(version.headers).filter(([name]) => name.startsWith('x-amz-server-side-encryption')));
}

/** Header of the version id; none for a bucket that was never versioned, as S3 does it. */
export function versionHeader(bucket: Bucket, version: Version): Readonly<Record<string, string>> {
  return bucket.facts.settings.versioning === undefined ? {} : { 'x-amz-version-id': version.id };
}

/** Headers of GET and HEAD, without content-length. */
export function objectHeaders(bucket: Bucket, version: Version, request: S3Request): Readonly<Record<string, string>> {
  const wantsChecksum = request.headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED' && request.headers.range === undefined;
  const overrides = Object.fromEntries(
    [...request.query].flatMap(([name, value]) => (name.startsWith('response-') ? [[name.slice('response-'.length), value] as const] : [])),
  );
  return {
    ...version.headers,
    ...overrides,
    ...versionHeader(bucket, version),
    ...(wantsChecksum && version.checksum !== undefined
      ? { [`x-amz-checksum-${version.checksum.name}`]: version.checksum.value, 'x-amz-checksum-type': version.checksum.type }
      : {}),
    ...(Object.keys(version.tags).length > 0 ? { 'x-amz-tagging-count': String(Object.keys(version.tags).length) } : {}),
    ...(version.parts === undefined ? {} : { 'x-amz-mp-parts-count': String(version.parts.length) }),
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.modified).toUTCString(),
    'accept-ranges': 'bytes',
  };
}

/** First and last byte of a `Range` header; undefined means the whole body (as S3 takes a header it cannot read). Throws S3Error InvalidRange. */
export function byteRange(header: string | undefined, size: number): { readonly first: number; readonly last: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  const first = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const last = match[1] === '' || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (match[1] !== '' && match[2] !== '' && Number(match[2]) < first) return undefined;
  if (first >= size) throw new S3Error('InvalidRange', 'The requested range is not satisfiable', { 'content-range': `bytes */${size}` });
  return { first, last };
}
