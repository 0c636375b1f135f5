import type { Reply } from '../http/reply';
import type { Bucket } from './bucket';
import type { BucketStore } from './bucket-store';
import { checkSetting, type Subresource } from './bucket-settings';
import type { S3Request } from './request';
import { S3Error } from './s3-error';
import { document, element, parseXml, textAt } from '../http/xml';

/** CreateBucket in the region of the request. Throws S3Error IllegalLocationConstraintException, MalformedXML; StoreError as the store. */
export function createBucket(store: BucketStore, request: S3Request): Reply {
  const { region, account } = request.caller;
  const constraint = locationConstraint(request.body.toString('utf8'));
  const asked = constraint === undefined ? 'us-east-1' : constraint === 'EU' ? 'eu-west-1' : constraint;
  if (asked !== region)
    throw new S3Error(
      'IllegalLocationConstraintException',
      `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  if (region === 'us-east-1' && store.has(request.bucket) && store.bucket(request.bucket).facts.account === account)
    return { status: 200, headers: { location: `/${request.bucket}` } };
  store.create({ name: request.bucket, region, account });
  const ownership = request.headers['x-amz-object-ownership'];
  if (ownership !== undefined)
    store.set(
      request.bucket,
      'ownershipControls',
      document(element('OwnershipControls', [element('Rule', [element('ObjectOwnership', ownership)])]), true),
    );
  if (request.headers['x-amz-bucket-object-lock-enabled']?.toLowerCase() === 'true') {
    store.set(request.bucket, 'objectLock', document(element('ObjectLockConfiguration', [element('ObjectLockEnabled', 'Enabled')]), true));
    store.set(request.bucket, 'versioning', document(element('VersioningConfiguration', [element('Status', 'Enabled')]), true));
  }
  return { status: 200, headers: { location: `/${request.bucket}` } };
}

/** HeadBucket. */
export function headBucket(bucket: Bucket): Reply {
  return { status: 200, headers: { 'x-amz-bucket-region': bucket.facts.region, 'x-amz-access-point-alias': 'false' } };
}

/** GetBucketLocation: empty for us-east-1. */
export function bucketLocation(bucket: Bucket): Reply {
  const { region } = bucket.facts;
  const root = element('LocationConstraint', region === 'us-east-1' ? '' : region);
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: document(root, true) };
}

/** GET, PUT and DELETE of one setting. */
export function bucketSetting(store: BucketStore, bucket: Bucket, subresource: Subresource, request: S3Request): Reply {
  const { setting, absent } = subresource;
  if (request.method === 'GET') {
    const body = bucket.facts.settings[setting] ?? ('document' in absent ? absent.document : undefined);
    if (body === undefined && 'error' in absent) throw new S3Error(absent.error, absent.message, {}, { BucketName: bucket.facts.name });
    return {
      status: 200,
      headers: { 'content-type': subresource.root === undefined ? 'application/json' : 'application/xml' },
      body: body ?? '',
    };
  }
  if (request.method === 'DELETE') {
    store.set(bucket.facts.name, setting, undefined);
    return { status: 204, headers: {} };
  }
  // A PUT of an ACL by header has no body; the sandbox keeps no grants, so there is nothing to store.
  if (setting === 'acl' && request.body.length === 0) return { status: 200, headers: {} };
  const body = request.body.toString('utf8');
  checkSetting(subresource, body);
  store.set(bucket.facts.name, setting, body);
  return { status: setting === 'policy' || setting === 'tagging' ? 204 : 200, headers: {} };
}

/** GetBucketPolicyStatus: public where a statement allows everybody. */
export function policyStatus(bucket: Bucket): Reply {
  const { policy } = bucket.facts.settings;
  if (policy === undefined) throw new S3Error('NoSuchBucketPolicy', 'The bucket policy does not exist');
  const open = /"Effect"\s*:\s*"Allow"/.test(policy) && /"Principal"\s*:\s*(?:"\*"|\{\s*"AWS"\s*:\s*"\*"\s*\})/.test(policy);
  const root = element('PolicyStatus', [element('IsPublic', open)]);
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: document(root, true) };
}

function locationConstraint(body: string): string | undefined {
  if (body.trim() === '') return undefined;
  try {
    const text = textAt(parseXml(body), 'LocationConstraint');
    return text === '' ? undefined : text;
  } catch {
    throw new S3Error('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
  }
}
