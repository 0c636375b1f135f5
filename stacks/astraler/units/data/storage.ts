import { declareOutputs, text } from 'terrace';

import { DataBucket } from '../../../../modules/cloudflare/data-bucket';
import { AstralerUnit, type AstralerRegion } from '../../astraler-unit';

const outputs = declareOutputs({ bucketName: text('astraler-production-files') });

/** Files of the application: a private bucket near the database. */
export class StorageUnit extends AstralerUnit<typeof outputs> {
  constructor(region: AstralerRegion, id: string) {
    super(region, id, outputs);
    const accountId = this.useCloudflareAccount();
    const { bucket } = new DataBucket(this, 'files', {
      accountId,
      name: `${this.prefix}-files`,
      location: 'apac',
      origins: [`https://${this.environment.hostname}`],
      protect: this.environment.protect,
    });
    this.outputs({ bucketName: bucket.name });
  }
}
