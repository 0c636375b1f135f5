import { declareOutputs, text } from 'terrace';

import { keptImages } from '../../../../envcommon/compute';
import { ContainerRepository } from '../../../../modules/aws/container-repository';
import { AwsUnit, type AwsRegion } from '../../aws-unit';
import { product, type ProductService } from '../../topology/product';
import { SecretsUnit } from '../security/secrets';

const outputs = declareOutputs({
  frontendUrl: text('456789012345.dkr.ecr.us-east-1.amazonaws.com/promata-frontend'),
  backendUrl: text('456789012345.dkr.ecr.us-east-1.amazonaws.com/promata-backend'),
  frontendArn: text('arn:aws:ecr:us-east-1:456789012345:repository/promata-frontend'),
  backendArn: text('arn:aws:ecr:us-east-1:456789012345:repository/promata-backend'),
});

/** The repositories of production's images. */
export class EcrUnit extends AwsUnit<typeof outputs> {
  constructor(region: AwsRegion, id: string) {
    super(region, id, outputs);
    const { keyArn } = this.dependency(region.unit(SecretsUnit));
    const repository = (service: ProductService) =>
      new ContainerRepository(this, `${service}-images`, { name: product[service].image, kmsKeyArn: keyArn, keepImages: keptImages });
    const frontend = repository('frontend');
    const backend = repository('backend');
    this.outputs({ frontendUrl: frontend.url, backendUrl: backend.url, frontendArn: frontend.arn, backendArn: backend.arn });
  }
}
