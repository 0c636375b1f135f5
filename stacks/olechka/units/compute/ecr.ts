import { declareOutputs, text } from 'terrace';

import { keptImages } from '../../../../envcommon/compute';
import { ContainerRepository, RegistryReplication } from '../../../../modules/aws/container-repository';
import { root } from '../../root';
import { OlechkaUnit, type OlechkaRegion } from '../../olechka-unit';
import { KmsUnit } from '../security/kms';

const registry = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';

const outputs = declareOutputs({
  apiUrl: text(`${registry}/ai-tools-api`),
  workerUrl: text(`${registry}/ai-tools-worker`),
  apiArn: text('arn:aws:ecr:eu-central-1:123456789012:repository/ai-tools-api'),
  workerArn: text('arn:aws:ecr:eu-central-1:123456789012:repository/ai-tools-worker'),
});

/** The repositories of the services' images; the primary side of disaster recovery copies every push to the standby's. */
export class EcrUnit extends OlechkaUnit<typeof outputs> {
  constructor(region: OlechkaRegion, id: string) {
    super(region, id, outputs);
    const kms = this.dependency(region.unit(KmsUnit));
    const repository = (service: 'api' | 'worker') =>
      new ContainerRepository(this, service, { name: this.names.service(service), kmsKeyArn: kms.keyArn, keepImages: keptImages });
    const api = repository('api');
    const worker = repository('worker');
    const { recovery } = region.values;
    if (recovery?.side === 'primary') {
      // The repositories there must exist first, or AWS makes ones with settings of its own.
      this.dependency(region.environment.region(recovery.otherRegion).unit(EcrUnit));
      new RegistryReplication(this, 'copies', { account: this.account, region: recovery.otherRegion, prefix: root.project });
    }
    this.outputs({ apiUrl: api.url, workerUrl: worker.url, apiArn: api.arn, workerArn: worker.arn });
  }
}
