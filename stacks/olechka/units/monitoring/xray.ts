import { declareOutputs, text } from 'terrace';

import { monitoring } from '../../../../envcommon/monitoring';
import { Tracing } from '../../../../modules/aws/tracing';
import { serviceNames } from '../../names';
import { root } from '../../root';
import { OlechkaUnit, type OlechkaRegion } from '../../olechka-unit';
import { KmsUnit } from '../security/kms';

const outputs = declareOutputs({ groupName: text('ai-tools-dev') });

/** How much of the region's traffic is traced, the group its service map and insights are made of, and the key of the traces. */
export class XrayUnit extends OlechkaUnit<typeof outputs> {
  constructor(region: OlechkaRegion, id: string) {
    super(region, id, outputs);
    const kms = this.dependency(region.unit(KmsUnit));
    const tracing = new Tracing(this, 'xray', {
      name: this.names.base,
      sampled: `${root.project}-*`,
      services: serviceNames.map((service) => this.names.service(service)),
      samplingRate: monitoring(this.settings.monitoring).samplingRate,
      kmsKeyArn: kms.keyArn,
    });
    this.outputs({ groupName: tracing.groupName });
  }
}
