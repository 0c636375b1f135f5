/** The sandbox's bucket and table stores as the simulated providers see them: a simulated bucket or table *is* the store's. */
export interface CloudStores {
  readonly buckets: Buckets;
  readonly tables: Tables;
}

/** Settings of a bucket that S3 serves as sub-resources. */
export type BucketSetting =
  | 'versioning'
  | 'encryption'
  | 'policy'
  | 'publicAccessBlock'
  | 'tagging'
  | 'logging'
  | 'lifecycle'
  | 'ownershipControls'
  | 'objectLock'
  | 'replication'
  | 'acl'
  | 'cors'
  | 'accelerate'
  | 'requestPayment'
  | 'website'
  | 'notification';

export interface Buckets {
  /** Creates an empty bucket. Throws StoreError `BucketAlreadyOwnedByYou` or `BucketAlreadyExists` (names are global). */
  create(bucket: { readonly name: string; readonly region: string; readonly account: string }): void;
  /** Throws StoreError `NoSuchBucket`, or `BucketNotEmpty` while any version or delete marker is left and `force` is not set. */
  delete(name: string, options?: { readonly force?: boolean }): void;
  has(name: string): boolean;
  /** Bytes of the latest version of an object; undefined where there is no such bucket or object. */
  read?(name: string, key: string): Uint8Array | undefined;
  /** Stores one setting as the XML (policy: JSON) body that S3 answers with; undefined removes it. */
  set(name: string, setting: BucketSetting, body: string | undefined): void;
}

export interface Tables {
  /** Throws StoreError `ResourceInUseException` when the table exists in that region and account. */
  create(table: {
    readonly name: string;
    readonly region: string;
    readonly account: string;
    readonly hashKey: string;
    readonly deletionProtection: boolean;
  }): void;
  /**
   * Without an account the only table of that name and region is meant.
   * Throws StoreError `ResourceNotFoundException`, or `ValidationException` while deletion protection is on.
   */
  delete(name: string, region: string, account?: string): void;
  has(name: string, region: string, account?: string): boolean;
  update(
    name: string,
    region: string,
    settings: { readonly deletionProtection?: boolean; readonly pointInTimeRecovery?: boolean },
    account?: string,
  ): void;
}

/** What a store refuses, with the code the real service answers. */
export class StoreError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'StoreError';
  }
}
