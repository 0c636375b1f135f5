import { randomBytes } from 'node:crypto';

import type { Caller } from '../http/caller';
import type { Reply } from '../http/reply';
import { StoreError } from '../storage/stores';
import { checkAccess } from './access';
import type { Bucket } from './bucket';
import { bucketLocation, bucketSetting, createBucket, headBucket, policyStatus } from './bucket-operations';
import { subresources } from './bucket-settings';
import type { BucketStore } from './bucket-store';
import { copyObject } from './copy-object';
import { deleteObjects } from './delete-objects';
import { listBuckets, listObjects, listVersions } from './listing';
import { abortUpload, completeUpload, createUpload, listParts, listUploads, uploadPart } from './multipart-operations';
import { deleteObject, getObject, objectTagging, putObject } from './object-operations';
import { addressOf, checkedBody, type S3Request } from './request';
import { S3Error } from './s3-error';

/** An HTTP request as the gateway received it. */
export interface RawRequest {
  readonly method: string;
  /** Host without port. */
  readonly host: string;
  /** Percent-encoded. */
  readonly pathname: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** Amazon S3 as far as terraform, terragrunt, the AWS SDKs and Terrace use it; every refusal is an S3 error document. */
export class S3Service {
  constructor(private readonly store: BucketStore) {}

  /** Answers one request; what it decides and what it writes are one synchronous step. */
  answer(raw: RawRequest, caller: Caller | undefined): Reply {
    const requestId = randomBytes(8).toString('hex').toUpperCase();
    const common = { 'x-amz-request-id': requestId, 'x-amz-id-2': `sandbox-${requestId}` };
    try {
      const reply = this.route(read(raw, caller));
      return { ...reply, headers: { ...common, ...reply.headers } };
    } catch (error) {
      const refusal = error instanceof StoreError ? new S3Error(error.code, error.message) : error;
      if (!(refusal instanceof S3Error)) throw error;
      const reply = refusal.reply(requestId, raw.pathname, raw.method !== 'HEAD');
      return { ...reply, headers: { ...common, ...reply.headers } };
    }
  }

  private route(request: S3Request): Reply {
    const { method, bucket: name, key, query } = request;
    if (name === '') {
      if (method === 'GET') return listBuckets(this.store.list(), request.caller.account);
      throw methodNotAllowed();
    }
    if (key === '' && method === 'PUT' && ![...query.keys()].some((one) => one in subresources)) return createBucket(this.store, request);
    const bucket = this.store.bucket(name);
    checkAccess(bucket, request);
    return key === '' ? this.onBucket(bucket, request) : this.onObject(bucket, request);
  }

  private onBucket(bucket: Bucket, request: S3Request): Reply {
    const { method, query } = request;
    const setting = [...query.keys()].find((name) => name in subresources);
    const subresource = setting === undefined ? undefined : subresources[setting];
    if (subresource !== undefined && ['GET', 'PUT', 'DELETE'].includes(method))
      return bucketSetting(this.store, bucket, subresource, request);
    if (method === 'HEAD') return headBucket(bucket);
    if (method === 'POST' && query.has('delete')) return deleteObjects(bucket, request);
    if (method === 'DELETE' && unknownSubresource(query) === undefined) {
      this.store.delete(bucket.facts.name);
      return { status: 204, headers: {} };
    }
    if (method !== 'GET') throw refusalOf(query);
    if (query.has('location')) return bucketLocation(bucket);
    if (query.has('policyStatus')) return policyStatus(bucket);
    if (query.has('versions')) return listVersions(bucket, request);
    if (query.has('uploads')) return listUploads(bucket, request);
    const unknown = unknownSubresource(query);
    if (unknown !== undefined) throw notImplemented(unknown);
    return listObjects(bucket, request);
  }

  private onObject(bucket: Bucket, request: S3Request): Reply {
    const { method, query } = request;
    if (query.has('uploadId')) {
      if (method === 'PUT') return uploadPart(this.store, bucket, request);
      if (method === 'POST') return completeUpload(bucket, request);
      if (method === 'DELETE') return abortUpload(bucket, request);
      return listParts(bucket, request);
    }
    if (method === 'POST' && query.has('uploads')) return createUpload(bucket, request);
    if (query.has('tagging') && ['GET', 'PUT', 'DELETE'].includes(method)) return objectTagging(bucket, request);
    const unknown = unknownSubresource(query);
    if (unknown !== undefined) throw notImplemented(unknown);
    if (method === 'GET' || method === 'HEAD') return getObject(bucket, request);
    if (method === 'DELETE') return deleteObject(bucket, request);
    if (method !== 'PUT') throw methodNotAllowed();
    return request.headers['x-amz-copy-source'] === undefined ? putObject(bucket, request) : copyObject(this.store, bucket, request);
  }
}

function read(raw: RawRequest, caller: Caller | undefined): S3Request {
  if (caller === undefined) throw new S3Error('AccessDenied', 'Anonymous requests are refused');
  if (caller.account === undefined)
    throw new S3Error(
      'InvalidAccessKeyId',
      'The access key id is not one of the Terrace sandbox (SANDBOX and 12 digits). Real credentials are of no use here.',
      {},
      { AWSAccessKeyId: caller.accessKeyId },
    );
  return {
    method: raw.method,
    ...addressOf(raw.host, raw.pathname),
    query: raw.query,
    headers: raw.headers,
    ...checkedBody(raw.body, raw.headers),
    caller: { ...caller, account: caller.account },
  };
}

const plainParameters = new Set([
  'prefix',
  'delimiter',
  'marker',
  'max-keys',
  'encoding-type',
  'list-type',
  'continuation-token',
  'start-after',
  'fetch-owner',
  'versionId',
  'partNumber',
  'x-id',
  'key-marker',
  'version-id-marker',
]);

/** A query parameter that names a part of S3 which the sandbox does not have. */
function unknownSubresource(query: URLSearchParams): string | undefined {
  return [...query.keys()].find((name) => !plainParameters.has(name) && !/^(?:x-amz-|response-)/i.test(name));
}

function refusalOf(query: URLSearchParams): S3Error {
  const unknown = unknownSubresource(query);
  return unknown === undefined ? methodNotAllowed() : notImplemented(unknown);
}

function methodNotAllowed(): S3Error {
  return new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.');
}

function notImplemented(what: string): S3Error {
  return new S3Error('NotImplemented', `The Terrace sandbox does not have "${what}" of Amazon S3.`);
}
