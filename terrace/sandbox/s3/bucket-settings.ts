import type { BucketSetting } from '../storage/stores';
import { S3Error } from './s3-error';
import { tagsOfXml } from './tags';
import { children, document, element, parseXml, textAt } from '../http/xml';

/** How S3 serves one setting of a bucket as a sub-resource. */
export interface Subresource {
  readonly setting: BucketSetting;
  /** Root element of its document; undefined where the body is JSON. */
  readonly root?: string;
  /** Error where it isn't set, or the document that stands for "not set". */
  readonly absent: { readonly error: string; readonly message: string } | { readonly document: string };
}

const empty = (root: string): Subresource['absent'] => ({ document: document(element(root, ''), true) });
const missing = (error: string, message: string): Subresource['absent'] => ({ error, message });

/** Sub-resources by the name of their query parameter. */
export const subresources: Readonly<Record<string, Subresource>> = {
  versioning: { setting: 'versioning', root: 'VersioningConfiguration', absent: empty('VersioningConfiguration') },
  encryption: {
    setting: 'encryption',
    root: 'ServerSideEncryptionConfiguration',
    absent: { document: encryptionDocument('AES256') },
  },
  policy: { setting: 'policy', absent: missing('NoSuchBucketPolicy', 'The bucket policy does not exist') },
  publicAccessBlock: {
    setting: 'publicAccessBlock',
    root: 'PublicAccessBlockConfiguration',
    absent: missing('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found'),
  },
  tagging: { setting: 'tagging', root: 'Tagging', absent: missing('NoSuchTagSet', 'The TagSet does not exist') },
  logging: { setting: 'logging', root: 'BucketLoggingStatus', absent: empty('BucketLoggingStatus') },
  lifecycle: {
    setting: 'lifecycle',
    root: 'LifecycleConfiguration',
    absent: missing('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'),
  },
  ownershipControls: {
    setting: 'ownershipControls',
    root: 'OwnershipControls',
    absent: missing('OwnershipControlsNotFoundError', 'The bucket ownership controls were not found'),
  },
  'object-lock': {
    setting: 'objectLock',
    root: 'ObjectLockConfiguration',
    absent: missing('ObjectLockConfigurationNotFoundError', 'Object Lock configuration does not exist for this bucket'),
  },
  replication: {
    setting: 'replication',
    root: 'ReplicationConfiguration',
    absent: missing('ReplicationConfigurationNotFoundError', 'The replication configuration was not found'),
  },
  acl: { setting: 'acl', root: 'AccessControlPolicy', absent: { document: ownerAcl() } },
  cors: { setting: 'cors', root: 'CORSConfiguration', absent: missing('NoSuchCORSConfiguration', 'The CORS configuration does not exist') },
  accelerate: { setting: 'accelerate', root: 'AccelerateConfiguration', absent: empty('AccelerateConfiguration') },
  requestPayment: {
    setting: 'requestPayment',
    root: 'RequestPaymentConfiguration',
    absent: { document: document(element('RequestPaymentConfiguration', [element('Payer', 'BucketOwner')]), true) },
  },
  website: {
    setting: 'website',
    root: 'WebsiteConfiguration',
    absent: missing('NoSuchWebsiteConfiguration', 'The specified bucket does not have a website configuration'),
  },
  notification: { setting: 'notification', root: 'NotificationConfiguration', absent: empty('NotificationConfiguration') },
};

/** Settings that a new bucket has, as AWS gives them since April 2023. */
export const initialSettings: Readonly<Partial<Record<BucketSetting, string>>> = {
  publicAccessBlock: document(
    element(
      'PublicAccessBlockConfiguration',
      ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'].map((name) => element(name, true)),
    ),
    true,
  ),
  ownershipControls: document(element('OwnershipControls', [element('Rule', [element('ObjectOwnership', 'BucketOwnerEnforced')])]), true),
};

/** Checks the body of a PUT. Throws S3Error MalformedXML, MalformedPolicy, InvalidTag or IllegalVersioningConfigurationException. */
export function checkSetting(subresource: Subresource, body: string): void {
  if (subresource.root === undefined) {
    try {
      const policy: unknown = JSON.parse(body);
      if (typeof policy === 'object' && policy !== null && 'Statement' in policy) return;
    } catch {
      // Refused below, like JSON that is no policy.
    }
    throw new S3Error('MalformedPolicy', 'Policies must be valid JSON with a Statement');
  }
  let root;
  try {
    root = parseXml(body);
  } catch {
    root = undefined;
  }
  if (root?.name !== subresource.root)
    throw new S3Error('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
  if (subresource.setting === 'tagging') tagsOfXml(body, 50);
  if (subresource.setting === 'versioning') {
    const status = textAt(root, 'Status');
    if (status !== undefined && status !== 'Enabled' && status !== 'Suspended')
      throw new S3Error('IllegalVersioningConfigurationException', `The versioning status ${status} is not valid`);
  }
}

/** State of versioning in a bucket with that setting. */
export function bucketVersioning(setting: string | undefined): 'Enabled' | 'Suspended' | undefined {
  const status = setting === undefined ? undefined : textAt(parseXml(setting), 'Status');
  return status === 'Enabled' || status === 'Suspended' ? status : undefined;
}

/** Encryption headers of an object that is stored without any of its own. */
export function defaultEncryption(setting: string | undefined): Readonly<Record<string, string>> {
  const rule = setting === undefined ? undefined : children(parseXml(setting), 'Rule')[0];
  const algorithm = rule === undefined ? undefined : textAt(rule, 'ApplyServerSideEncryptionByDefault', 'SSEAlgorithm');
  if (rule === undefined || algorithm === undefined) return { 'x-amz-server-side-encryption': 'AES256' };
  const key = textAt(rule, 'ApplyServerSideEncryptionByDefault', 'KMSMasterKeyID');
  return {
    'x-amz-server-side-encryption': algorithm,
    ...(key === undefined || key === '' ? {} : { 'x-amz-server-side-encryption-aws-kms-key-id': key }),
    ...(textAt(rule, 'BucketKeyEnabled') === 'true' ? { 'x-amz-server-side-encryption-bucket-key-enabled': 'true' } : {}),
  };
}

function encryptionDocument(algorithm: string): string {
  const rule = element('Rule', [
    element('ApplyServerSideEncryptionByDefault', [element('SSEAlgorithm', algorithm)]),
    element('BucketKeyEnabled', false),
  ]);
  return document(element('ServerSideEncryptionConfiguration', [rule]), true);
}

function ownerAcl(): string {
  const owner = [element('ID', 'sandbox'), element('DisplayName', 'sandbox')];
  const grantee = `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser">${owner.join('')}</Grantee>`;
  const grant = element('Grant', [grantee, element('Permission', 'FULL_CONTROL')]);
  return document(element('AccessControlPolicy', [element('Owner', owner), element('AccessControlList', [grant])]), true);
}
