import { Fn, Token } from 'cdktf';
import { declareOutputs, text } from 'terrace';

import { traffic } from '../../../../envcommon/network';
import { Endpoints } from '../../../../modules/aws/endpoints';
import { OlechkaUnit, type OlechkaRegion } from '../../olechka-unit';
import { SecurityGroupsUnit } from './security-groups';
import { VpcUnit } from './vpc';

const outputs = declareOutputs({
  s3EndpointId: text('vpce-01111111111111111'),
  secretsManagerEndpointId: text('vpce-02222222222222222'),
});

/** Private ways from the services' subnets to the AWS services they call; interface endpoints in as many zones as the environment pays for. */
export class EndpointsUnit extends OlechkaUnit<typeof outputs> {
  constructor(region: OlechkaRegion, id: string) {
    super(region, id, outputs);
    const vpc = this.dependency(region.unit(VpcUnit));
    const groups = this.dependency(region.unit(SecurityGroupsUnit));
    const { endpointZones, gatewayEndpoints, interfaceEndpoints } = traffic(this.settings.traffic);
    const endpoints = new Endpoints(this, 'endpoints', {
      name: this.names.base,
      region: this.awsRegion,
      vpcId: vpc.vpcId,
      gateways: gatewayEndpoints,
      routeTableIds: vpc.privateRouteTableIds,
      interfaces: interfaceEndpoints,
      subnetIds: Token.asList(Fn.slice(vpc.privateSubnetIds, 0, endpointZones)),
      securityGroupId: groups.endpointsGroupId,
    });
    this.outputs({ s3EndpointId: endpoints.endpointId('s3'), secretsManagerEndpointId: endpoints.endpointId('secretsmanager') });
  }
}
