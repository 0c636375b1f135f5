import { declareOutputs, text } from 'terrace';

import { accessLogDays, bucket } from '../../../../envcommon/storage';
import { Bucket } from '../../../../modules/aws/bucket';
import { replicate } from '../../bucket-copies';
import { OlechkaUnit, type OlechkaRegion } from '../../olechka-unit';
import { KmsUnit } from '../security/kms';

const outputs = declareOutputs({
  bucketName: text('ai-tools-artifacts-dev-eu-central-1'),
  bucketArn: text('arn:aws:s3:::ai-tools-artifacts-dev-eu-central-1'),
  logBucketName: text('ai-tools-logs-dev-eu-central-1'),
});

/** What the services produce; and the bucket that receives the access logs of the region's other buckets. */
export class S3ArtifactsUnit extends OlechkaUnit<typeof outputs> {
  constructor(region: OlechkaRegion, id: string) {
    super(region, id, outputs);
    const { names, account } = this;
    const kms = this.dependency(region.unit(KmsUnit));
    const logs = new Bucket(this, 'logs', {
      name: names.bucket('logs'),
      ages: { expireDays: accessLogDays, noncurrentDays: 1 },
      statements: (arn) => [
        {
          sid: 'AccessLogDelivery',
          principals: { services: ['logging.s3.amazonaws.com'] },
          actions: ['s3:PutObject'],
          resources: [`${arn}/*`],
          conditions: {
            StringEquals: { 'aws:SourceAccount': account },
            ArnLike: {
              'aws:SourceArn': (['artifacts', 'models', 'alb-logs'] as const).map((kind) => `arn:aws:s3:::${names.bucket(kind)}`),
            },
          },
        },
      ],
    });
    const artifacts = new Bucket(this, 'artifacts', {
      ...bucket(this.settings.buckets),
      name: names.bucket('artifacts'),
      kmsKeyArn: kms.keyArn,
      accessLogs: { bucket: logs.name, prefix: 'artifacts/' },
      preventDestroy: this.settings.preventDestroy,
    });
    const { recovery } = region.values;
    if (recovery?.side === 'primary') {
      const other = region.environment.region(recovery.otherRegion);
      replicate(this, 'artifacts', {
        source: artifacts,
        keyArn: kms.keyArn,
        target: this.dependency(other.unit(S3ArtifactsUnit)),
        targetKey: this.dependency(other.unit(KmsUnit)),
        otherRegion: recovery.otherRegion,
      });
    }
    this.outputs({ bucketName: artifacts.name, bucketArn: artifacts.arn, logBucketName: logs.name });
  }
}
