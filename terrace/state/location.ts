import type { LockKind } from '../model/model';

/** Where one unit's state and lock are. */
export interface StateLocation {
  /** `terraform-state-<account>-<region>` */
  readonly bucket: string;
  /** `<keyPrefix><environment>/<region>/<layer>/<unit>/terraform.tfstate` */
  readonly key: string;
  readonly region: string;
  /** Literal ARN of the alias that `backend/state` makes: without it terraform writes AES256 and overrides the bucket's default. */
  readonly kmsKeyId: string;
  /** `terraform-locks-<account>`; absent with `lock: s3`. */
  readonly dynamodbTable?: string;
  readonly useLockfile: boolean;
  /** `use_lockfile` needs terraform 1.10; the rest works from 1.5.7 on. */
  readonly requiredVersion: '>= 1.5.7' | '>= 1.10';
}

export interface StateLocationOptions {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  readonly keyPrefix: string;
  /** `<environment>/<region>/<layer>/<unit>` */
  readonly unit: string;
  readonly lock: LockKind;
}

/** Alias of the key that encrypts states, in every state account and region. */
export const stateKeyAlias = 'alias/terraform-state';

/** Bucket that holds the states of one account and region. */
export function stateBucketName(account: string, region: string): string {
  return `terraform-state-${account}-${region}`;
}

/** Table that holds the locks of one account; one of that name in each region. */
export function lockTableName(account: string): string {
  return `terraform-locks-${account}`;
}

/** Where a unit's state and lock are; pure. */
export function stateLocation(options: StateLocationOptions): StateLocation {
  const { account, region, keyPrefix, unit, lock } = options;
  return {
    bucket: stateBucketName(account, region),
    key: `${keyPrefix}${unit}/terraform.tfstate`,
    region,
    kmsKeyId: `arn:aws:kms:${region}:${account}:${stateKeyAlias}`,
    ...(lock === 's3' ? {} : { dynamodbTable: lockTableName(account) }),
    useLockfile: lock !== 'dynamodb',
    requiredVersion: lock === 'dynamodb' ? '>= 1.5.7' : '>= 1.10',
  };
}
