import { readSessionToken } from '../sts/session-token';
import type { Bucket } from './bucket';
import { subresources } from './bucket-settings';
import { evaluatePolicy, roleOf } from './policy';
import type { S3Request } from './request';
import { S3Error } from './s3-error';

/**
 * Throws S3Error AccessDenied where the bucket's policy denies the request, or where the bucket is another account's and its policy
 * does not allow it; PermanentRedirect where the request was signed for another region. An account's own principals may do anything
 * else: the sandbox knows no identity policies.
 */
export function checkAccess(bucket: Bucket, request: S3Request): void {
  const { region, account, name, settings } = bucket.facts;
  const { caller } = request;
  const verdict = settings.policy === undefined ? 'silent' : evaluatePolicy(settings.policy, policyRequest(bucket, request));
  const foreign = caller.account !== account;
  // The owner may always repair a policy that locks everybody out, as an account's root user may.
  const repairs = !foreign && request.key === '' && request.query.has('policy');
  if (verdict === 'deny' && !repairs) throw new S3Error('AccessDenied', `Access Denied (by the policy of ${name})`);
  if (foreign && verdict !== 'allow')
    throw new S3Error(
      'AccessDenied',
      `Access Denied (${name} belongs to account ${account}, the key to ${caller.account}; sandbox env --account ${account})`,
    );
  const expected = request.headers['x-amz-expected-bucket-owner'];
  if (expected !== undefined && expected !== account) throw new S3Error('AccessDenied', 'Access Denied');
  if (caller.region !== region && !request.query.has('location'))
    throw new S3Error(
      'PermanentRedirect',
      'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
      { 'x-amz-bucket-region': region },
      { Bucket: name, Endpoint: `${name}.s3.${region}.amazonaws.com` },
    );
}

function policyRequest(bucket: Bucket, request: S3Request) {
  const { name } = bucket.facts;
  const { account, sessionToken } = request.caller;
  const principal = readSessionToken(sessionToken, account)?.arn ?? `arn:aws:iam::${account}:user/sandbox`;
  const context: Record<string, string> = {
    // Plain HTTP on the loopback address stands for the TLS of the real service.
    'aws:securetransport': 'true',
    's3:tlsversion': '1.3',
    'aws:principalaccount': account,
    'aws:principalarn': roleOf(principal),
    'aws:principaltype': principal.includes(':assumed-role/') ? 'AssumedRole' : 'User',
  };
  for (const [header, value] of Object.entries(request.headers))
    if (header.startsWith('x-amz-') && value !== undefined) context[`s3:${header}`] = value;
  for (const parameter of ['prefix', 'delimiter', 'max-keys', 'versionId']) {
    const value = request.query.get(parameter);
    if (value !== null) context[`s3:${parameter.toLowerCase()}`] = value;
  }
  return {
    action: actionOf(request),
    resource: `arn:aws:s3:::${name}${request.key === '' ? '' : `/${request.key}`}`,
    account,
    principal,
    context,
  };
}

/** The action that S3 checks for a request. */
function actionOf({ method, key, query }: S3Request): string {
  const verb = method === 'PUT' || method === 'POST' ? 'Put' : method === 'DELETE' ? 'Delete' : 'Get';
  const versioned = query.has('versionId') ? 'Version' : '';
  if (key !== '') {
    if (query.has('tagging')) return `s3:${verb}Object${versioned}Tagging`;
    if (query.has('uploadId') && method === 'DELETE') return 's3:AbortMultipartUpload';
    if (query.has('uploadId') && method === 'GET') return 's3:ListMultipartUploadParts';
    return verb === 'Put' ? 's3:PutObject' : `s3:${verb}Object${versioned}`;
  }
  const setting = [...query.keys()].find((name) => name in subresources);
  if (setting !== undefined) return settingAction(setting, verb);
  if (query.has('versions')) return 's3:ListBucketVersions';
  if (query.has('uploads')) return 's3:ListBucketMultipartUploads';
  if (query.has('location')) return 's3:GetBucketLocation';
  if (query.has('delete')) return 's3:DeleteObject';
  return method === 'DELETE' ? 's3:DeleteBucket' : 's3:ListBucket';
}

const settingNames: Readonly<Record<string, string>> = {
  versioning: 'BucketVersioning',
  encryption: 'EncryptionConfiguration',
  policy: 'BucketPolicy',
  publicAccessBlock: 'BucketPublicAccessBlock',
  tagging: 'BucketTagging',
  logging: 'BucketLogging',
  lifecycle: 'LifecycleConfiguration',
  ownershipControls: 'BucketOwnershipControls',
  'object-lock': 'BucketObjectLockConfiguration',
  replication: 'ReplicationConfiguration',
  acl: 'BucketAcl',
  cors: 'BucketCORS',
  accelerate: 'AccelerateConfiguration',
  requestPayment: 'BucketRequestPayment',
  website: 'BucketWebsite',
  notification: 'BucketNotification',
};

/** Removing a setting needs the right to put it, but for policy and website. */
function settingAction(setting: string, verb: 'Put' | 'Get' | 'Delete'): string {
  const own = setting === 'policy' || setting === 'website';
  return `s3:${verb === 'Delete' && !own ? 'Put' : verb}${settingNames[setting] ?? setting}`;
}
