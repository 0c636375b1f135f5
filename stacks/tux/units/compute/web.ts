import { Token } from 'cdktf';
import { declareOutputs, number } from 'terrace';

import { PlacementGroup } from '../../../../.gen/providers/hcloud/placement-group';
import { PrivateServer } from '../../private-server';
import { hostCalled } from '../../topology/hosts';
import { TuxUnit, type TuxRegion } from '../../tux-unit';
import { PrivateNetworkUnit } from '../network/private-network';
import { BastionUnit } from './bastion';

const outputs = declareOutputs({ web1Id: number(1), web2Id: number(2) });

/** The two web servers, on different machines of the data centre. */
export class WebUnit extends TuxUnit<typeof outputs> {
  constructor(region: TuxRegion, id: string) {
    super(region, id, outputs);
    this.useHetzner();
    const { privateSubnetId } = this.dependency(region.unit(PrivateNetworkUnit));
    const { operatorId, operatorLine } = this.dependency(region.unit(BastionUnit));
    const spread = new PlacementGroup(this, 'spread', { name: `${this.prefix}-web`, type: 'spread', labels: this.labels });
    const server = (name: string): PrivateServer =>
      new PrivateServer(
        this,
        hostCalled(region.plan, name),
        { privateSubnetId, operatorId, operatorLine },
        { placementGroupId: Token.asNumber(spread.id) },
      );
    this.outputs({ web1Id: server('web-1').id, web2Id: server('web-2').id });
  }
}
