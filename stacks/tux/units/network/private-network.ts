import { Token } from 'cdktf';
import { declareOutputs, number, text } from 'terrace';

import { PrivateNetwork } from '../../../../modules/hetzner/private-network';
import { hostCalled } from '../../topology/hosts';
import { TuxUnit, type TuxRegion } from '../../tux-unit';

const outputs = declareOutputs({
  networkId: number(1),
  publicSubnetId: text('1-10.0.1.0/24'),
  privateSubnetId: text('1-10.0.2.0/24'),
});

/** One network, a public and a private subnet, and the way out of the private one through the bastion. */
export class PrivateNetworkUnit extends TuxUnit<typeof outputs> {
  constructor(region: TuxRegion, id: string) {
    super(region, id, outputs);
    this.useHetzner();
    const { networkZone, network, publicSubnet, privateSubnet } = region.place;
    const privateNetwork = new PrivateNetwork(this, 'network', {
      name: this.prefix,
      ipRange: network,
      networkZone,
      subnets: { public: publicSubnet, private: privateSubnet },
      egressGateway: hostCalled(region.plan, 'bastion').address,
      labels: this.labels,
      protect: this.environment.protect,
    });
    this.outputs({
      networkId: Token.asNumber(privateNetwork.network.id),
      publicSubnetId: privateNetwork.subnets.public.id,
      privateSubnetId: privateNetwork.subnets.private.id,
    });
  }
}
