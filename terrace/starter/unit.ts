import { className } from './names';

/** Source of a new unit: one bucket whose name says where it belongs, to be replaced by what the unit is for. */
export function unitSource(system: string, name: string): string {
  const own = className(system);
  return `import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { declareOutputs, type Region, text } from 'terrace';

import { replacedVersions } from '../../../../envcommon/storage';
import { ${own}Environment, ${own}Unit } from '../../${system}-unit';

const outputs = declareOutputs({ bucketName: text('${system}-dev-${name}') });

/** A versioned bucket. */
export class ${className(name)}Unit extends ${own}Unit<typeof outputs> {
  constructor(region: Region<Region['values'], ${own}Environment>, id: string) {
    super(region, id, outputs);
    const { name, stateAccountId } = region.environment;
    const bucket = new S3Bucket(this, 'bucket', { bucket: \`${system}-\${name}-${name}-\${region.name}-\${stateAccountId}\` });
    const versioning = new S3BucketVersioningA(this, 'versioning', {
      bucket: bucket.id,
      versioningConfiguration: { status: 'Enabled' },
    });
    new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      bucket: bucket.id,
      rule: [replacedVersions(region.environment.values)],
      dependsOn: [versioning],
    });
    this.outputs({ bucketName: bucket.bucket });
  }
}
`;
}
