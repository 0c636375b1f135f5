import { declareOutputs, text } from 'terrace';

import { bucket } from '../../../../envcommon/storage';
import { Bucket } from '../../../../modules/aws/bucket';
import { replicate } from '../../bucket-copies';
import { OlechkaUnit, type OlechkaRegion } from '../../olechka-unit';
import { KmsUnit } from '../security/kms';
import { S3ArtifactsUnit } from './s3-artifacts';

const outputs = declareOutputs({
  bucketName: text('ai-tools-models-dev-eu-central-1'),
  bucketArn: text('arn:aws:s3:::ai-tools-models-dev-eu-central-1'),
});

/** The models that the services load. They get cheaper with age like artifacts, but a model in use never expires: only replaced ones do. */
export class S3ModelsUnit extends OlechkaUnit<typeof outputs> {
  constructor(region: OlechkaRegion, id: string) {
    super(region, id, outputs);
    const kms = this.dependency(region.unit(KmsUnit));
    const artifacts = this.dependency(region.unit(S3ArtifactsUnit));
    const { ages, ...settings } = bucket(this.settings.buckets);
    const models = new Bucket(this, 'models', {
      ...settings,
      ages: { infrequentAccessDays: ages.infrequentAccessDays, noncurrentDays: ages.expireDays },
      name: this.names.bucket('models'),
      kmsKeyArn: kms.keyArn,
      accessLogs: { bucket: artifacts.logBucketName, prefix: 'models/' },
      preventDestroy: this.settings.preventDestroy,
    });
    const { recovery } = region.values;
    if (recovery?.side === 'primary') {
      const other = region.environment.region(recovery.otherRegion);
      replicate(this, 'models', {
        source: models,
        keyArn: kms.keyArn,
        target: this.dependency(other.unit(S3ModelsUnit)),
        targetKey: this.dependency(other.unit(KmsUnit)),
        otherRegion: recovery.otherRegion,
      });
    }
    this.outputs({ bucketName: models.name, bucketArn: models.arn });
  }
}
