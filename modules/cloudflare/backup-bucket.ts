import { Construct } from 'constructs';

import { R2Bucket } from '@cdktf/provider-cloudflare/lib/r2-bucket';
import { R2BucketLifecycle } from '@cdktf/provider-cloudflare/lib/r2-bucket-lifecycle';
import { R2BucketLock } from '@cdktf/provider-cloudflare/lib/r2-bucket-lock';

const day = 86_400;

export interface BackupBucketOptions {
  readonly accountId: string;
  /** Unique in the account. */
  readonly name: string;
  /** Where the objects stay. @default 'eu' */
  readonly jurisdiction?: 'default' | 'eu' | 'fedramp';
  /** Days after which objects move to the infrequent-access class; 0 moves nothing. */
  readonly coldAfter: number;
  /** Days during which nobody can delete or overwrite objects under these prefixes. @default nothing is locked */
  readonly locked?: { readonly days: number; readonly prefixes: readonly string[] };
  /** Refuses a plan that would delete the bucket. */
  readonly protect: boolean;
}

/** A bucket for encrypted backups. Uploads that never finished go after a week. */
export class BackupBucket extends Construct {
  readonly bucket: R2Bucket;

  constructor(scope: Construct, id: string, options: BackupBucketOptions) {
    super(scope, id);
    const { accountId, name, jurisdiction = 'eu', coldAfter, locked, protect } = options;
    this.bucket = new R2Bucket(this, 'bucket', {
      accountId,
      name,
      jurisdiction,
      ...(protect ? { lifecycle: { preventDestroy: true } } : {}),
    });
    const place = { accountId, bucketName: this.bucket.name, jurisdiction };
    const everything = { prefix: '' };
    new R2BucketLifecycle(this, 'lifecycle', {
      ...place,
      rules: [
        {
          id: 'abandoned-uploads',
          enabled: true,
          conditions: everything,
          abortMultipartUploadsTransition: { condition: { type: 'Age', maxAge: 7 * day } },
        },
        ...(coldAfter > 0
          ? [
              {
                id: 'cold',
                enabled: true,
                conditions: everything,
                storageClassTransitions: [{ storageClass: 'InfrequentAccess', condition: { type: 'Age', maxAge: coldAfter * day } }],
              },
            ]
          : []),
      ],
    });
    if (locked !== undefined)
      new R2BucketLock(this, 'lock', {
        ...place,
        rules: locked.prefixes.map((prefix) => ({
          id: prefix.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, ''),
          enabled: true,
          prefix,
          condition: { type: 'Age', maxAgeSeconds: locked.days * day },
        })),
      });
  }
}
