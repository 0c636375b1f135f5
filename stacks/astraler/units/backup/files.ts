import { declareOutputs, text } from 'terrace';

import { BucketReplica } from '../../../../modules/cloudflare/bucket-replica';
import { workerModule } from '../../application';
import { AstralerUnit, type AstralerRegion } from '../../astraler-unit';
import { backupLocation } from '../../topology/backup';
import { StorageUnit } from '../data/storage';

const outputs = declareOutputs({ bucketName: text('astraler-production-replica') });

/** The files of the application once more, on another continent. */
export class FilesBackupUnit extends AstralerUnit<typeof outputs> {
  constructor(region: AstralerRegion, id: string) {
    super(region, id, outputs);
    const accountId = this.useCloudflareAccount();
    const { bucketName: sourceBucket } = this.dependency(region.unit(StorageUnit));
    const { replica } = new BucketReplica(this, 'files', {
      accountId,
      prefix: this.prefix,
      sourceBucket,
      location: backupLocation,
      consumer: workerModule(this, 'consumer-module', 'replicate'),
      protect: this.environment.protect,
    });
    this.outputs({ bucketName: replica.bucket.name });
  }
}
