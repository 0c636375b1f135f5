import { createHash } from 'node:crypto';

import type { Caller } from '../http/caller';
import { decodeAwsChunked } from './aws-chunked';
import { type Checksum, checksumNames, checksumOf } from './checksum';
import { S3Error } from './s3-error';

/** A request to S3 with its body whole and checked. */
export interface S3Request {
  readonly method: string;
  /** Empty for the service itself (ListBuckets). */
  readonly bucket: string;
  /** Empty for the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  /** Checksum that came with the body, already compared with it. */
  readonly checksum: Checksum | undefined;
  readonly caller: Caller & { readonly account: string };
}

/** Most bytes in one request: a state, an artefact or a part of an upload. Amazon allows 5 GiB. */
export const largestBody = 256 * 1024 * 1024;

/**
 * Splits host and path: `<bucket>.s3.sandbox/<key>` or `s3.sandbox/<bucket>/<key>`.
 * Throws S3Error InvalidRequest for a path that is not percent-encoded UTF-8.
 */
export function addressOf(host: string, pathname: string): { readonly bucket: string; readonly key: string } {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname.slice(1));
  } catch {
    throw new S3Error('InvalidRequest', 'The path is not percent-encoded UTF-8');
  }
  const virtual = /^(.+)\.s3\.sandbox$/.exec(host)?.[1];
  if (virtual !== undefined) return { bucket: virtual, key: decoded };
  const slash = decoded.indexOf('/');
  return slash < 0 ? { bucket: decoded, key: '' } : { bucket: decoded.slice(0, slash), key: decoded.slice(slash + 1) };
}

/**
 * The body as it is to be stored: chunks joined, every digest that came with it compared.
 * Throws S3Error BadDigest, XAmzContentSHA256Mismatch, IncompleteBody or InvalidRequest.
 */
export function checkedBody(
  raw: Buffer,
  headers: S3Request['headers'],
): { readonly body: Buffer; readonly checksum: Checksum | undefined } {
  const payloadHash = headers['x-amz-content-sha256'];
  const chunked = payloadHash?.startsWith('STREAMING-') === true;
  const announced = headers['x-amz-decoded-content-length'];
  const { body, trailers } = chunked
    ? decodeAwsChunked(raw, announced === undefined ? undefined : Number(announced))
    : { body: raw, trailers: {} as Readonly<Record<string, string>> };
  if (payloadHash !== undefined && /^[\da-f]{64}$/.test(payloadHash) && createHash('sha256').update(body).digest('hex') !== payloadHash)
    throw new S3Error('XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' header does not match what was computed.");
  const md5 = headers['content-md5'];
  if (md5 !== undefined && createHash('md5').update(body).digest('base64') !== md5)
    throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  let checksum: Checksum | undefined;
  for (const name of checksumNames) {
    const value = trailers[`x-amz-checksum-${name}`] ?? headers[`x-amz-checksum-${name}`];
    if (value === undefined) continue;
    if (checksumOf(name, body) !== value)
      throw new S3Error('BadDigest', `The ${name.toUpperCase()} you specified did not match the calculated checksum.`);
    checksum = { name, value };
  }
  return { body, checksum };
}
