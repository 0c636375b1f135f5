import { declareOutputs, list, text } from 'terrace';

import { traffic } from '../../../../envcommon/network';
import { FlowLogs } from '../../../../modules/aws/flow-logs';
import { TieredNetwork } from '../../../../modules/aws/tiered-network';
import { AwsUnit, type AwsRegion } from '../../aws-unit';
import { SecretsUnit } from '../security/secrets';

const outputs = declareOutputs({
  vpcId: text('vpc-0123456789abcdef0'),
  publicSubnetIds: list(['subnet-a1111111111111111', 'subnet-a2222222222222222']),
  privateSubnetIds: list(['subnet-b1111111111111111', 'subnet-b2222222222222222']),
});

/** Production's network: a public and a private subnet in each zone, a NAT gateway for each, flow logs. */
export class VpcUnit extends AwsUnit<typeof outputs> {
  constructor(region: AwsRegion, id: string) {
    super(region, id, outputs);
    const { keyArn } = this.dependency(region.unit(SecretsUnit));
    const { names } = this;
    const { nat, flowLogDays } = traffic(this.settings.traffic);
    const network = new TieredNetwork(this, 'network', { ...region.values.network, name: names.base, nat });
    new FlowLogs(this, 'flow-logs', {
      vpcId: network.vpcId,
      account: this.account,
      logGroupName: names.flowLogs,
      roleName: names.role('flow-logs'),
      retentionDays: flowLogDays,
      kmsKeyArn: keyArn,
      permissionsBoundary: names.serviceBoundaryArn,
    });
    this.outputs({
      vpcId: network.vpcId,
      publicSubnetIds: network.subnetIds('public'),
      privateSubnetIds: network.subnetIds('private'),
    });
  }
}
