import { Token } from 'cdktf';
import { declareOutputs, number } from 'terrace';

import { Firewall } from '../../../../.gen/providers/hcloud/firewall';
import { FirewallAttachment } from '../../../../.gen/providers/hcloud/firewall-attachment';
import { administrators } from '../../administrators';
import { TuxUnit, type TuxRegion } from '../../tux-unit';
import { BastionUnit } from '../compute/bastion';

const outputs = declareOutputs({ bastionFirewallId: number(1), privateFirewallId: number(2) });

/**
 * What the internet may reach, filtered before it arrives. Hetzner's firewalls see public interfaces only: private traffic is the
 * business of the host firewalls. Private servers have no public interface, and Hetzner refuses to attach a firewall to such a
 * server; the second firewall finds them by label, so that it closes an interface somebody might add.
 */
export class FirewallUnit extends TuxUnit<typeof outputs> {
  constructor(region: TuxRegion, id: string) {
    super(region, id, outputs);
    this.useHetzner();
    const bastion = this.dependency(region.unit(BastionUnit));
    const admins = administrators(this);
    const bastionFirewall = new Firewall(this, 'bastion', {
      name: `${this.prefix}-bastion`,
      labels: this.labels,
      rule: [{ direction: 'in', protocol: 'tcp', port: '22', sourceIps: admins.listValue, description: 'SSH from the administrators' }],
    });
    new FirewallAttachment(this, 'bastion-attachment', { firewallId: Token.asNumber(bastionFirewall.id), serverIds: [bastion.serverId] });
    const privateFirewall = new Firewall(this, 'private', {
      name: `${this.prefix}-private`,
      labels: this.labels,
      applyTo: [{ labelSelector: `environment=${this.environment.environment},exposure=private` }],
    });
    this.outputs({ bastionFirewallId: Token.asNumber(bastionFirewall.id), privateFirewallId: Token.asNumber(privateFirewall.id) });
  }
}
