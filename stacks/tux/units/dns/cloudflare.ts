import { declareOutputs } from 'terrace';

import { ProxiedHost } from '../../../../modules/cloudflare/proxied-host';
import { TuxUnit, type TuxRegion } from '../../tux-unit';
import { zoneUnitOf } from '../../zone-owner';
import { LoadBalancerUnit } from '../network/load-balancer';

const outputs = declareOutputs({});

/** The public name: Cloudflare answers for it and forwards to the load balancer. */
export class DnsUnit extends TuxUnit<typeof outputs> {
  constructor(region: TuxRegion, id: string) {
    super(region, id, outputs);
    this.useCloudflare();
    const { zoneId } = this.dependency(zoneUnitOf(region));
    const { ipv4, ipv6 } = this.dependency(region.unit(LoadBalancerUnit));
    new ProxiedHost(this, 'site', {
      zoneId,
      name: this.environment.hostname,
      ipv4,
      ipv6,
      comment: `${this.environment.environment} load balancer`,
    });
  }
}
