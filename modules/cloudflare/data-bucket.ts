import { R2Bucket } from '@cdktf/provider-cloudflare/lib/r2-bucket';
import { R2BucketCors } from '@cdktf/provider-cloudflare/lib/r2-bucket-cors';
import { R2BucketLifecycle } from '@cdktf/provider-cloudflare/lib/r2-bucket-lifecycle';
import { R2ManagedDomain } from '@cdktf/provider-cloudflare/lib/r2-managed-domain';
import { Construct } from 'constructs';

/** Location hints of R2. */
export type R2Location = 'apac' | 'eeur' | 'enam' | 'weur' | 'wnam' | 'oc';

const day = 86_400;
const hour = 3600;

export interface Expiry {
  /** Name of the rule. */
  readonly id: string;
  readonly prefix: string;
  readonly days: number;
}

export interface DataBucketOptions {
  readonly accountId: string;
  /** Unique in the account. */
  readonly name: string;
  readonly location: R2Location;
  /** Sites whose pages may read and upload with signed addresses. @default none */
  readonly origins?: readonly string[];
  /** Objects that go after some days. @default nothing goes */
  readonly expiries?: readonly Expiry[];
  /** Refuses a plan that would delete the bucket. */
  readonly protect: boolean;
}

/** A private bucket: its r2.dev address is off, so objects are reached by a Worker or a signed address only. Uploads that never finished go after a week. */
export class DataBucket extends Construct {
  readonly bucket: R2Bucket;

  constructor(scope: Construct, id: string, { accountId, name, location, origins = [], expiries = [], protect }: DataBucketOptions) {
    super(scope, id);
    this.bucket = new R2Bucket(this, 'bucket', {
      accountId,
      name,
      location,
      ...(protect ? { lifecycle: { preventDestroy: true } } : {}),
    });
    const bucketName = this.bucket.name;
    new R2ManagedDomain(this, 'public-address', { accountId, bucketName, enabled: false });
    new R2BucketLifecycle(this, 'lifecycle', {
      accountId,
      bucketName,
      rules: [
        {
          id: 'abandoned-uploads',
          enabled: true,
          conditions: { prefix: '' },
          abortMultipartUploadsTransition: { condition: { type: 'Age', maxAge: 7 * day } },
        },
        ...expiries.map(({ id, prefix, days }) => ({
          id,
          enabled: true,
          conditions: { prefix },
          deleteObjectsTransition: { condition: { type: 'Age', maxAge: days * day } },
        })),
      ],
    });
    if (origins.length > 0)
      new R2BucketCors(this, 'cors', {
        accountId,
        bucketName,
        rules: [
          {
            id: 'signed-uploads',
            allowed: { methods: ['GET', 'HEAD', 'PUT'], origins: [...origins], headers: ['content-type', 'content-length'] },
            exposeHeaders: ['etag'],
            maxAgeSeconds: hour,
          },
        ],
      });
  }
}
