import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { declareOutputs, type Region, text, Unit } from 'terrace';

import { Bucket } from '../modules/aws/bucket';
import { CustomerKey } from '../modules/aws/kms-key';
import { policyDocument, type Statement } from '../modules/aws/policy';

const outputs = declareOutputs({
  bucketArn: text('arn:aws:s3:::terraform-state-123456789012-eu-central-1'),
  /** `AES256` where S3's own keys encrypt. */
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
 * Where the states of one account and region live: bucket, key and lock table, by the names that the root's `backend` gives them; of a key
 * that is there already (an ARN), or of S3's own, none is made. Protected from destroy in every environment, applied by
 * `terrace backend bootstrap` and left out of every selection wider than itself. Does not replicate states to another region.
 */
export class StateBackendUnit extends Unit<typeof outputs> {
  override readonly bootstrap = true;
  override readonly appliedByBootstrap = true;

  constructor(region: Region, id: string) {
    super(region, id, outputs);
    const account = region.environment.stateAccountId;
    const { bucket: name, lockTable, encryption } = region.backend;
    const readers = foreignReaders(region);
    new AwsProvider(this, 'aws', { region: region.stateRegion, allowedAccountIds: [account], defaultTags: [{ tags: this.tags }] });
    const kmsKeyArn =
      encryption.kind === 'key'
        ? encryption.arn
        : encryption.kind === 'alias'
          ? this.#key(encryption.name, [...readers.keys()]).arn
          : undefined;
    const logs = new Bucket(this, 'logs', {
      name: `${name}-logs`,
      ages: { expireDays: accessLogDays, noncurrentDays: 1 },
      statements: (arn) => [logDelivery(arn, account, `arn:aws:s3:::${name}`)],
      preventDestroy: true,
    });
    const states = new Bucket(this, 'states', {
      name,
      ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
      ages: { noncurrentDays: replacedStateDays },
      statements: (arn) => [
        rootAccess(arn, account),
        encryptedAs(arn, kmsKeyArn === undefined ? 'AES256' : 'aws:kms'),
        ...[...readers].flatMap(([reader, keys]) => readBy(arn, reader, keys)),
      ],
      accessLogs: { bucket: logs.name, prefix: 'state/' },
      preventDestroy: true,
    });
    const locks = new DynamodbTable(this, 'locks', {
      name: lockTable,
      billingMode: 'PAY_PER_REQUEST',
      hashKey: 'LockID',
      attribute: [{ name: 'LockID', type: 'S' }],
      pointInTimeRecovery: { enabled: true },
      ...(kmsKeyArn === undefined ? {} : { serverSideEncryption: { enabled: true, kmsKeyArn } }),
      deletionProtectionEnabled: true,
      lifecycle: { preventDestroy: true },
    });
    this.outputs({ bucketArn: states.arn, keyArn: kmsKeyArn ?? 'AES256', lockTableArn: locks.arn });
  }

  #key(alias: string, readers: readonly string[]): CustomerKey {
    const { environment, stateRegion } = this.region;
    return new CustomerKey(this, 'key', {
      description: 'Encrypts terraform states and locks',
      aliases: [alias],
      policy: stateKeyPolicy(environment.stateAccountId, stateRegion, readers),
      deletionWindowDays: keyDeletionDays,
      preventDestroy: true,
    });
  }
}

/** Accounts that read states of this bucket, with the keys of these states and of the records beside them: of all environments of the system that keep theirs here. */
function foreignReaders({ environment, stateRegion }: Region): ReadonlyMap<string, readonly string[]> {
  const { system, stateAccountId } = environment;
  const found = new Map<string, string[]>();
  for (const one of system.environments.filter((other) => other.stateAccountId === stateAccountId))
    for (const [account, units] of Object.entries(one.values.account.readers ?? {}))
      for (const unit of units) {
        const [name = '', ...id] = unit.split('/');
        const region = one.region(name);
        if (region.stateRegion !== stateRegion) continue;
        const { state, record } = region.stateKeys(id.join('/'));
        found.set(account, [...(found.get(account) ?? []), record, state]);
      }
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
function readBy(bucketArn: string, reader: string, keys: readonly string[]): readonly Statement[] {
  const principals = { aws: [`arn:aws:iam::${reader}:root`] };
  return [
    { sid: `StatesReadBy${reader}`, actions: ['s3:GetObject'], resources: keys.map((key) => `${bucketArn}/${key}`), principals },
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

/** A state whose header asks for another encryption is refused; without a header the bucket's default applies. The key id is not compared: terraform sends the alias. */
function encryptedAs(bucketArn: string, algorithm: 'aws:kms' | 'AES256'): Statement {
  return {
    sid: 'RefuseOtherEncryption',
    effect: 'Deny',
    actions: ['s3:PutObject'],
    resources: [`${bucketArn}/*`],
    principals: { everybody: true },
    conditions: { StringNotEquals: { 's3:x-amz-server-side-encryption': algorithm }, Null: { 's3:x-amz-server-side-encryption': 'false' } },
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
