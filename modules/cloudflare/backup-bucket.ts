import { Construct } from 'constructs';

import { R2Bucket } from '@cdktf/provider-cloudflare/lib/r2-bucket';
import { R2BucketLifecycle } from '@cdktf/provider-cloudflare/lib/r2-bucket-lifecycle';
import { R2BucketLock } from '@cdktf/provider-cloudflare/lib/r2-bucket-lock';

import type { Expiry, R2Location } from './data-bucket';

const day = 86_400;

export interface BackupBucketOptions {
  readonly accountId: string;
  /** Unique in the account. */
  readonly name: string;
  /** Where the objects stay. @default 'eu' */
  readonly jurisdiction?: 'default' | 'eu' | 'fedramp';
  /** Where Cloudflare puts the bucket, within the jurisdiction. @default where it is made from */
  readonly location?: R2Location;
  /** Days after which objects move to the infrequent-access class; 0 moves nothing. */
  readonly coldAfter: number;
  /** Days during which nobody can delete or overwrite objects under a prefix. @default nothing is locked */
  readonly locks?: readonly { readonly prefix: string; readonly days: number }[];
  /** Objects that go after some days. @default nothing goes */
  readonly expiries?: readonly Expiry[];
  /** Refuses a plan that would delete the bucket. */
  readonly protect: boolean;
}

/** A bucket for encrypted backups. Uploads that never finished go after a week. */
export class BackupBucket extends Construct {
  readonly bucket: R2Bucket;

  constructor(scope: Construct, id: string, options: BackupBucketOptions) {
    super(scope, id);
    const { accountId, name, jurisdiction = 'eu', location, coldAfter, locks = [], expiries = [], protect } = options;
    this.bucket = new R2Bucket(this, 'bucket', {
      accountId,
      name,
      jurisdiction,
      ...(location === undefined ? {} : { location }),
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
        ...expiries.map(({ id, prefix, days }) => ({
          id,
          enabled: true,
          conditions: { prefix },
          deleteObjectsTransition: { condition: { type: 'Age', maxAge: days * day } },
        })),
      ],
    });
    if (locks.length > 0)
      new R2BucketLock(this, 'lock', {
        ...place,
        rules: locks.map(({ prefix, days }) => ({
          id: prefix === '' ? 'everything' : prefix.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, ''),
          enabled: true,
          prefix,
          condition: { type: 'Age', maxAgeSeconds: days * day },
        })),
      });
  }
}
