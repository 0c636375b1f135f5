import { CertificatePack } from '@cdktf/provider-cloudflare/lib/certificate-pack';
import { declareOutputs, text } from 'terrace';

import { ManagedZone } from '../../../../modules/cloudflare/zone';
import { AstralerUnit, type AstralerRegion } from '../../astraler-unit';
import { zoneName } from '../../root';

const outputs = declareOutputs({ zoneId: text('0123456789abcdef0123456789abcdef') });

/** The zone of all environments, and the certificate for the names of pull requests: Cloudflare's own covers one level below the zone only. */
export class ZoneUnit extends AstralerUnit<typeof outputs> {
  override readonly shared = true;

  constructor(region: AstralerRegion, id: string) {
    super(region, id, outputs);
    const accountId = this.useCloudflareAccount();
    const { zone } = new ManagedZone(this, 'zone', { accountId, name: zoneName, protect: this.environment.protect });
    new CertificatePack(this, 'previews', {
      zoneId: zone.id,
      type: 'advanced',
      hosts: [zoneName, `preview.${zoneName}`, `*.preview.${zoneName}`],
      certificateAuthority: 'google',
      validationMethod: 'txt',
      validityDays: 90,
      cloudflareBranding: false,
      lifecycle: { createBeforeDestroy: true },
    });
    this.outputs({ zoneId: zone.id });
  }
}
