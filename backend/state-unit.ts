import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { declareOutputs, lockTableName, type Region, stateBucketName, stateKeyAlias, text, Unit } from 'terrace';

import { Bucket } from '../modules/aws/bucket';
import { CustomerKey } from '../modules/aws/kms-key';
import { policyDocument, type Statement } from '../modules/aws/policy';

const outputs = declareOutputs({
  bucketArn: text('arn:aws:s3:::terraform-state-123456789012-eu-central-1'),
  keyArn: text('arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-4000-8000-000000000000'),
  lockTableArn: text('arn:aws:dynamodb:eu-central-1:123456789012:table/terraform-locks-123456789012'),
});

/** Access logs of the state bucket are kept a year, as long as an audit usually asks back. */
const accessLogDays = 365;
/** Replaced states are kept a quarter: long enough to notice and restore, short enough that old secrets in them go. */
const replacedStateDays = 90;
/** The longest that KMS offers: the key is what all states are lost with. */
const keyDeletionDays = 30;

/**
 * Where the states of one account and region live: bucket, key and lock table. Protected from destroy in every environment, applied by
 * `terrace backend bootstrap` and left out of every selection wider than itself. Does not replicate states to another region.
 */
export class StateBackendUnit extends Unit<typeof outputs> {
  override readonly bootstrap = true;
  override readonly appliedByBootstrap = true;

  constructor(region: Region, id: string) {
    super(region, id, outputs);
    const account = region.environment.stateAccountId;
    const name = stateBucketName(account, region.stateRegion);
    const readers = foreignReaders(region);
    new AwsProvider(this, 'aws', { region: region.stateRegion, allowedAccountIds: [account], defaultTags: [{ tags: this.tags }] });
    const key = new CustomerKey(this, 'key', {
      description: 'Encrypts terraform states and locks',
      aliases: [stateKeyAlias.replace(/^alias\//, '')],
      policy: stateKeyPolicy(account, region.stateRegion, [...readers.keys()]),
      deletionWindowDays: keyDeletionDays,
      preventDestroy: true,
    });
    const logs = new Bucket(this, 'logs', {
      name: `${name}-logs`,
      ages: { expireDays: accessLogDays, noncurrentDays: 1 },
      statements: (arn) => [logDelivery(arn, account, `arn:aws:s3:::${name}`)],
      preventDestroy: true,
    });
    const states = new Bucket(this, 'states', {
      name,
      kmsKeyArn: key.arn,
      ages: { noncurrentDays: replacedStateDays },
      statements: (arn) => [
        rootAccess(arn, account),
        encryptedWithKms(arn),
        ...[...readers].flatMap(([reader, folders]) => readBy(arn, reader, folders)),
      ],
      accessLogs: { bucket: logs.name, prefix: 'state/' },
      preventDestroy: true,
    });
    const locks = new DynamodbTable(this, 'locks', {
      name: lockTableName(account),
      billingMode: 'PAY_PER_REQUEST',
      hashKey: 'LockID',
      attribute: [{ name: 'LockID', type: 'S' }],
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true, kmsKeyArn: key.arn },
      deletionProtectionEnabled: true,
      lifecycle: { preventDestroy: true },
    });
    this.outputs({ bucketArn: states.arn, keyArn: key.arn, lockTableArn: locks.arn });
  }
}

/** Accounts that read states of this bucket, with the folders of these states: of all environments of the system that keep theirs here. */
function foreignReaders({ environment, stateRegion }: Region): ReadonlyMap<string, readonly string[]> {
  const { system, stateAccountId } = environment;
  const found = new Map<string, string[]>();
  for (const one of system.environments.filter((other) => other.stateAccountId === stateAccountId))
    for (const [account, units] of Object.entries(one.values.account.readers ?? {}))
      for (const unit of units)
        if (one.region(unit.split('/')[0] ?? '').stateRegion === stateRegion)
          found.set(account, [...(found.get(account) ?? []), `${system.keyPrefix}${one.name}/${unit}`]);
  return found;
}

/** The account's principals use the key through S3 and DynamoDB only, and as far as their own policies allow; readers of other accounts decrypt with it. */
function stateKeyPolicy(account: string, region: string, readers: readonly string[]): string {
  const principals = { aws: [`arn:aws:iam::${account}:root`] };
  return policyDocument([
    {
      sid: 'AdministeredByAccount',
      actions: [
        'kms:Create*',
        'kms:Describe*',
        'kms:Enable*',
        'kms:List*',
        'kms:Put*',
        'kms:Update*',
        'kms:Revoke*',
        'kms:Disable*',
        'kms:Get*',
        'kms:Delete*',
        'kms:TagResource',
        'kms:UntagResource',
        'kms:ScheduleKeyDeletion',
        'kms:CancelKeyDeletion',
      ],
      resources: ['*'],
      principals,
    },
    {
      sid: 'UsedForStatesAndLocks',
      actions: [
        'kms:Encrypt',
        'kms:Decrypt',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:DescribeKey',
        'kms:CreateGrant',
      ],
      resources: ['*'],
      principals,
      conditions: {
        StringEquals: {
          'kms:CallerAccount': account,
          'kms:ViaService': [`s3.${region}.amazonaws.com`, `dynamodb.${region}.amazonaws.com`],
        },
      },
    },
    ...(readers.length === 0
      ? []
      : [
          {
            sid: 'ReadByOtherAccounts',
            actions: ['kms:Decrypt'],
            resources: ['*'],
            principals: { aws: readers.map((reader) => `arn:aws:iam::${reader}:root`) },
            conditions: { StringEquals: { 'kms:ViaService': [`s3.${region}.amazonaws.com`] } },
          },
        ]),
  ]);
}

/** Another account reads the states of shared units and the records beside them, as far as its own policies allow. */
function readBy(bucketArn: string, reader: string, folders: readonly string[]): readonly Statement[] {
  const principals = { aws: [`arn:aws:iam::${reader}:root`] };
  const files = folders.flatMap((folder) => ['applied.json', 'terraform.tfstate'].map((file) => `${bucketArn}/${folder}/${file}`));
  return [
    { sid: `StatesReadBy${reader}`, actions: ['s3:GetObject'], resources: files, principals },
    // A state that is not there yet is told from one that is refused by this right alone.
    { sid: `ListedBy${reader}`, actions: ['s3:ListBucket'], resources: [bucketArn], principals },
  ];
}

/** The account's administrators keep access whatever else the policy says. */
function rootAccess(bucketArn: string, account: string): Statement {
  return {
    sid: 'RootAccess',
    actions: ['s3:*'],
    resources: [bucketArn, `${bucketArn}/*`],
    principals: { aws: [`arn:aws:iam::${account}:root`] },
  };
}

/** A state whose header asks for anything but SSE-KMS is refused; without a header the bucket's default applies. The key id is not compared: terraform sends the alias. */
function encryptedWithKms(bucketArn: string): Statement {
  return {
    sid: 'RefuseOtherEncryption',
    effect: 'Deny',
    actions: ['s3:PutObject'],
    resources: [`${bucketArn}/*`],
    principals: { everybody: true },
    conditions: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' }, Null: { 's3:x-amz-server-side-encryption': 'false' } },
  };
}

function logDelivery(bucketArn: string, account: string, sourceArn: string): Statement {
  return {
    sid: 'AccessLogDelivery',
    actions: ['s3:PutObject'],
    resources: [`${bucketArn}/*`],
    principals: { services: ['logging.s3.amazonaws.com'] },
    conditions: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: { 'aws:SourceArn': sourceArn } },
  };
}
