import { declareOutputs, text } from 'terrace';

import { service } from '../../../../envcommon/compute';
import { FargateCluster } from '../../../../modules/aws/ecs-cluster';
import { AwsUnit, type AwsRegion } from '../../aws-unit';

const outputs = declareOutputs({
  clusterArn: text('arn:aws:ecs:us-east-1:456789012345:cluster/promata-prod'),
  clusterName: text('promata-prod'),
});

/** Production's cluster, with Container Insights. */
export class EcsClusterUnit extends AwsUnit<typeof outputs> {
  constructor(region: AwsRegion, id: string) {
    super(region, id, outputs);
    const cluster = new FargateCluster(this, 'ecs', {
      name: this.names.base,
      capacity: service(this.settings.service).capacity,
    });
    this.outputs({ clusterArn: cluster.arn, clusterName: cluster.name });
  }
}
