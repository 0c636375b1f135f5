import { declareOutputs, text } from 'terrace';

import { service } from '../../../../envcommon/compute';
import { FargateCluster } from '../../../../modules/aws/ecs-cluster';
import { OlechkaUnit, type OlechkaRegion } from '../../olechka-unit';
import { VpcUnit } from '../network/vpc';

const outputs = declareOutputs({
  clusterArn: text('arn:aws:ecs:eu-central-1:123456789012:cluster/ai-tools-dev'),
  clusterName: text('ai-tools-dev'),
  namespaceId: text('ns-0123456789abcdef'),
});

/** The cluster of the region's services, with their private DNS namespace. */
export class EcsClusterUnit extends OlechkaUnit<typeof outputs> {
  constructor(region: OlechkaRegion, id: string) {
    super(region, id, outputs);
    const vpc = this.dependency(region.unit(VpcUnit));
    const cluster = new FargateCluster(this, 'ecs', {
      name: this.names.base,
      capacity: service(this.settings.service).capacity,
      discovery: { vpcId: vpc.vpcId, namespace: `${this.names.base}.internal` },
    });
    this.outputs({ clusterArn: cluster.arn, clusterName: cluster.name, namespaceId: cluster.namespaceId });
  }
}
