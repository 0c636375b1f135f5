/**
 * Source of the bootstrap unit of a new project. It is written out rather than exported: it uses the project's own bindings of its AWS
 * provider, which this package neither has nor may choose.
 */
export const stateUnitSource = `import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { declareOutputs, type Region, text, Unit } from 'terrace';

const outputs = declareOutputs({
  bucketArn: text('arn:aws:s3:::terraform-state-123456789012-eu-central-1'),
  /** \`AES256\` where S3's own keys encrypt. */
  keyArn: text('arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-4000-8000-000000000000'),
  lockTableArn: text('arn:aws:dynamodb:eu-central-1:123456789012:table/terraform-locks-123456789012'),
});

/** Replaced states are kept a quarter: long enough to notice and restore, short enough that old secrets in them go. */
const replacedStateDays = 90;
/** The longest that KMS offers: the key is what all states are lost with. */
const keyDeletionDays = 30;
const lifecycle = { preventDestroy: true } as const;

/** Where the states of one account and region live: bucket, key and lock table, named as the root's \`backend\` says. Applied by \`terrace backend bootstrap\`. */
export class StateBackendUnit extends Unit<typeof outputs> {
  override readonly bootstrap = true;
  override readonly appliedByBootstrap = true;

  constructor(region: Region, id: string) {
    super(region, id, outputs);
    const account = region.environment.stateAccountId;
    const { bucket, lockTable, encryption } = region.backend;
    new AwsProvider(this, 'aws', { region: region.stateRegion, allowedAccountIds: [account], defaultTags: [{ tags: this.tags }] });
    const kmsKeyArn = encryption.kind === 'key' ? encryption.arn : encryption.kind === 'alias' ? this.#key(encryption.name) : undefined;
    const states = new S3Bucket(this, 'states', { bucket, lifecycle });
    const access = new S3BucketPublicAccessBlock(this, 'public-access', {
      bucket: states.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const versioning = new S3BucketVersioningA(this, 'versioning', {
      bucket: states.id,
      versioningConfiguration: { status: 'Enabled' },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket: states.id,
      rule: [
        kmsKeyArn === undefined
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }
          : { applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: kmsKeyArn }, bucketKeyEnabled: true },
      ],
    });
    new S3BucketLifecycleConfiguration(this, 'ages', {
      bucket: states.id,
      rule: [
        {
          id: 'replaced-states',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          noncurrentVersionExpiration: [{ noncurrentDays: replacedStateDays }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
      dependsOn: [versioning],
    });
    new S3BucketPolicy(this, 'policy', { bucket: states.id, policy: tlsOnly(states.arn), dependsOn: [access] });
    const locks = new DynamodbTable(this, 'locks', {
      name: lockTable,
      billingMode: 'PAY_PER_REQUEST',
      hashKey: 'LockID',
      attribute: [{ name: 'LockID', type: 'S' }],
      pointInTimeRecovery: { enabled: true },
      ...(kmsKeyArn === undefined ? {} : { serverSideEncryption: { enabled: true, kmsKeyArn } }),
      deletionProtectionEnabled: true,
      lifecycle,
    });
    this.outputs({ bucketArn: states.arn, keyArn: kmsKeyArn ?? 'AES256', lockTableArn: locks.arn });
  }

  #key(alias: string): string {
    const key = new KmsKey(this, 'key', {
      description: 'Encrypts terraform states and locks',
      enableKeyRotation: true,
      deletionWindowInDays: keyDeletionDays,
      lifecycle,
    });
    new KmsAlias(this, 'alias', { name: \`alias/\${alias}\`, targetKeyId: key.keyId });
    return key.arn;
  }
}

function tlsOnly(bucketArn: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'RefuseWithoutTls',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [bucketArn, \`\${bucketArn}/*\`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });
}
`;
