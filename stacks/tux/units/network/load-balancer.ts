import { declareOutputs, text } from 'terrace';

import { PassThroughLoadBalancer } from '../../../../modules/hetzner/load-balancer';
import { TuxUnit, type TuxRegion } from '../../tux-unit';
import { WebUnit } from '../compute/web';
import { PrivateNetworkUnit } from './private-network';

const outputs = declareOutputs({ ipv4: text('203.0.113.10'), ipv6: text('2001:db8::10') });

/** Where Cloudflare's requests arrive. A Hetzner load balancer carries no firewall; what is no request of Cloudflare's fails at the web servers. */
export class LoadBalancerUnit extends TuxUnit<typeof outputs> {
  constructor(region: TuxRegion, id: string) {
    super(region, id, outputs);
    this.useHetzner();
    const { publicSubnetId } = this.dependency(region.unit(PrivateNetworkUnit));
    const web = this.dependency(region.unit(WebUnit));
    const { balancer } = new PassThroughLoadBalancer(this, 'web', {
      name: this.prefix,
      type: this.environment.loadBalancerType,
      location: region.place.location,
      subnetId: publicSubnetId,
      address: region.plan.loadBalancer,
      targets: { 'web-1': web.web1Id, 'web-2': web.web2Id },
      healthCheck: { interval: 15, timeout: 10, retries: 3 },
      healthPath: '/healthz',
      labels: this.labels,
      protect: this.environment.protect,
    });
    this.outputs({ ipv4: balancer.ipv4, ipv6: balancer.ipv6 });
  }
}
