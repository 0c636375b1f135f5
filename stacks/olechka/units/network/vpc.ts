import { declareOutputs, list, text } from 'terrace';

import { traffic } from '../../../../envcommon/network';
import { FlowLogs } from '../../../../modules/aws/flow-logs';
import { TieredNetwork } from '../../../../modules/aws/tiered-network';
import { OlechkaUnit, type OlechkaRegion } from '../../olechka-unit';
import { KmsUnit } from '../security/kms';

const subnets = (first: string) => [
  `subnet-${first}1111111111111111`,
  `subnet-${first}2222222222222222`,
  `subnet-${first}3333333333333333`,
];

const outputs = declareOutputs({
  vpcId: text('vpc-0123456789abcdef0'),
  publicSubnetIds: list(subnets('a')),
  privateSubnetIds: list(subnets('b')),
  databaseSubnetIds: list(subnets('c')),
  cacheSubnetIds: list(subnets('d')),
  privateRouteTableIds: list(['rtb-01111111111111111', 'rtb-02222222222222222', 'rtb-03333333333333333']),
});

/** The region's network: public, private, database and cache subnets in each zone, NAT as the environment decides, flow logs. */
export class VpcUnit extends OlechkaUnit<typeof outputs> {
  constructor(region: OlechkaRegion, id: string) {
    super(region, id, outputs);
    const kms = this.dependency(region.unit(KmsUnit));
    const { names } = this;
    const { nat, flowLogDays } = traffic(this.settings.traffic);
    const network = new TieredNetwork(this, 'network', { ...region.values.network, name: names.base, nat });
    new FlowLogs(this, 'flow-logs', {
      vpcId: network.vpcId,
      account: this.account,
      logGroupName: names.flowLogs,
      roleName: names.role('flow-logs'),
      retentionDays: flowLogDays,
      kmsKeyArn: kms.keyArn,
      permissionsBoundary: names.serviceBoundaryArn,
    });
    this.outputs({
      vpcId: network.vpcId,
      publicSubnetIds: network.subnetIds('public'),
      privateSubnetIds: network.subnetIds('private'),
      databaseSubnetIds: network.subnetIds('database'),
      cacheSubnetIds: network.subnetIds('cache'),
      privateRouteTableIds: network.routeTableIds('private'),
    });
  }
}
