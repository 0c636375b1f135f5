import { Token } from 'cdktf';
import { declareOutputs, number, text } from 'terrace';

import { SshKey } from '../../../../.gen/providers/hcloud/ssh-key';
import { CloudServer } from '../../../../modules/hetzner/server';
import { administrators } from '../../administrators';
import { terraformLines } from '../../../../modules/hosts/nftables';
import { userDataOf, userDataReserve } from '../../rendering/user-data';
import { image } from '../../root';
import { hostCalled } from '../../topology/hosts';
import { TuxUnit, type TuxRegion } from '../../tux-unit';
import { PrivateNetworkUnit } from '../network/private-network';

const outputs = declareOutputs({
  serverId: number(1),
  publicAddress: text('203.0.113.20'),
  operatorId: text('1'),
  operatorLine: text('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA operators'),
});

/** The only server that the internet reaches: the administrators' door, and the private servers' way out. */
export class BastionUnit extends TuxUnit<typeof outputs> {
  constructor(region: TuxRegion, id: string) {
    super(region, id, outputs);
    this.useHetzner();
    const network = this.dependency(region.unit(PrivateNetworkUnit));
    const host = hostCalled(region.plan, 'bastion');
    const { environment } = this;
    administrators(this);
    // A name for each environment: Hetzner takes a public key once per project, and the operators of staging need not be production's.
    const identity = this.variable(`ssh_operator_${environment.environment}`, {
      description: "The operators' SSH public key in OpenSSH format, on one line",
    }).stringValue;
    const operator = new SshKey(this, 'operator', { name: `${this.prefix}-operators`, publicKey: identity, labels: this.labels });
    const { server } = new CloudServer(this, host.id, {
      name: host.name,
      serverType: environment.serverTypes.bastion,
      location: region.place.location,
      image,
      subnetId: network.publicSubnetId,
      address: host.address,
      publicInterface: true,
      sshKeyIds: [operator.id],
      userData: userDataOf(region.plan, host, identity, terraformLines),
      userDataReserve,
      labels: { ...this.labels, role: host.role, exposure: 'public' },
      protect: environment.protect,
    });
    this.outputs({
      serverId: Token.asNumber(server.id),
      publicAddress: server.ipv4Address,
      operatorId: operator.id,
      operatorLine: operator.publicKey,
    });
  }
}
