import { declareOutputs } from 'terrace';

import { WorkerHost } from '../../../../modules/cloudflare/worker-host';
import { AstralerUnit, type AstralerRegion } from '../../astraler-unit';
import { zoneUnitOf } from '../../zone-owner';

const outputs = declareOutputs({});

/** The public name of the environment. */
export class DnsUnit extends AstralerUnit<typeof outputs> {
  constructor(region: AstralerRegion, id: string) {
    super(region, id, outputs);
    this.useCloudflare();
    const { zoneId } = this.dependency(zoneUnitOf(region));
    const { hostname, environment } = this.environment;
    new WorkerHost(this, 'host', { zoneId, name: hostname, comment: `${environment} Workers` });
  }
}
