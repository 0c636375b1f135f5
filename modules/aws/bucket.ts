import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketLoggingA } from '@cdktf/provider-aws/lib/s3-bucket-logging';
import { S3BucketObjectLockConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { Construct } from 'constructs';

import { policyDocument, type Statement } from './policy';

/** When objects move and go, in days since their creation. */
export interface ObjectAges {
  readonly infrequentAccessDays?: number;
  readonly glacierDays?: number;
  /** Current versions end; leave out for objects that stay in use. */
  readonly expireDays?: number;
  /** Replaced versions end, this long after they were replaced. */
  readonly noncurrentDays: number;
}

export interface BucketProps {
  /** Unique in the world. */
  readonly name: string;
  /** SSE-KMS with this key; without one SSE-S3, which log deliveries demand. */
  readonly kmsKeyArn?: string;
  readonly ages: ObjectAges;
  /** New objects cannot be changed or deleted for so long; decided when the bucket is made. @default none */
  readonly objectLock?: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly days: number };
  /** Where S3 writes this bucket's access logs. @default nowhere */
  readonly accessLogs?: { readonly bucket: string; readonly prefix: string };
  /** Statements beside the refusal of requests without TLS. */
  readonly statements?: (bucketArn: string) => readonly Statement[];
  /** Terraform refuses to destroy the bucket. @default false */
  readonly preventDestroy?: boolean;
}

/**
 * A private, versioned, encrypted bucket: no public access by any way, no ACLs, TLS only, uploads that were never finished removed after
 * a week. It is never emptied by terraform: a bucket with objects refuses to go.
 */
export class Bucket extends Construct {
  readonly arn: string;
  readonly name: string;
  /** To order what needs the bucket ready: its policy. */
  readonly policy: S3BucketPolicy;
  /** Replication demands it first. */
  readonly versioning: S3BucketVersioningA;

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    const bucket = new S3Bucket(this, 'bucket', {
      bucket: props.name,
      forceDestroy: false,
      ...(props.objectLock === undefined ? {} : { objectLockEnabled: true }),
      ...(props.preventDestroy ? { lifecycle: { preventDestroy: true } } : {}),
    });
    this.arn = bucket.arn;
    this.name = bucket.bucket;
    const access = new S3BucketPublicAccessBlock(this, 'public-access', {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, 'ownership', { bucket: bucket.id, rule: { objectOwnership: 'BucketOwnerEnforced' } });
    this.versioning = new S3BucketVersioningA(this, 'versioning', { bucket: bucket.id, versioningConfiguration: { status: 'Enabled' } });
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', { bucket: bucket.id, rule: [encryptionRule(props.kmsKeyArn)] });
    new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      bucket: bucket.id,
      rule: [lifecycleRule(props.ages)],
      dependsOn: [this.versioning],
    });
    this.policy = new S3BucketPolicy(this, 'policy', {
      bucket: bucket.id,
      policy: policyDocument([tlsOnly(bucket.arn), ...(props.statements?.(bucket.arn) ?? [])]),
      dependsOn: [access],
    });
    if (props.objectLock !== undefined)
      new S3BucketObjectLockConfigurationA(this, 'object-lock', {
        bucket: bucket.id,
        objectLockEnabled: 'Enabled',
        rule: { defaultRetention: { mode: props.objectLock.mode, days: props.objectLock.days } },
        dependsOn: [this.versioning],
      });
    if (props.accessLogs !== undefined)
      new S3BucketLoggingA(this, 'logging', {
        bucket: bucket.id,
        targetBucket: props.accessLogs.bucket,
        targetPrefix: props.accessLogs.prefix,
      });
  }
}

function tlsOnly(bucketArn: string): Statement {
  return {
    sid: 'RefuseWithoutTls',
    effect: 'Deny',
    principals: { everybody: true },
    actions: ['s3:*'],
    resources: [bucketArn, `${bucketArn}/*`],
    conditions: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

function encryptionRule(kmsKeyArn: string | undefined) {
  return kmsKeyArn === undefined
    ? { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }
    : { applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: kmsKeyArn }, bucketKeyEnabled: true };
}

function lifecycleRule(ages: ObjectAges): S3BucketLifecycleConfigurationRule {
  const transition = [
    ...(ages.infrequentAccessDays === undefined ? [] : [{ days: ages.infrequentAccessDays, storageClass: 'STANDARD_IA' }]),
    ...(ages.glacierDays === undefined ? [] : [{ days: ages.glacierDays, storageClass: 'GLACIER' }]),
  ];
  return {
    id: 'ages',
    status: 'Enabled',
    filter: [{ prefix: '' }],
    ...(transition.length === 0 ? {} : { transition }),
    ...(ages.expireDays === undefined ? {} : { expiration: [{ days: ages.expireDays }] }),
    noncurrentVersionExpiration: [{ noncurrentDays: ages.noncurrentDays }],
    abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
  };
}
