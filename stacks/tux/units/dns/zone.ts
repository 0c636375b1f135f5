import { declareOutputs, text } from 'terrace';

import { ManagedZone } from '../../../../modules/cloudflare/zone';
import { zoneName } from '../../root';
import { TuxUnit, type TuxRegion } from '../../tux-unit';

const outputs = declareOutputs({ zoneId: text('0123456789abcdef0123456789abcdef') });

/** The zone of all environments. */
export class ZoneUnit extends TuxUnit<typeof outputs> {
  override readonly shared = true;

  constructor(region: TuxRegion, id: string) {
    super(region, id, outputs);
    this.useCloudflare();
    const accountId = this.variable('cloudflare_account_id', { description: 'ID of the Cloudflare account' }).stringValue;
    const { zone } = new ManagedZone(this, 'zone', { accountId, name: zoneName, protect: this.environment.protect });
    this.outputs({ zoneId: zone.id });
  }
}
