import { declareOutputs, text } from 'terrace';

import { OriginLock } from '../../../../modules/cloudflare/origin-lock';
import { ZoneProtection } from '../../../../modules/cloudflare/zone-protection';
import { TuxUnit, type TuxRegion } from '../../tux-unit';
import { zoneUnitOf } from '../../zone-owner';

const outputs = declareOutputs({ originCertificate: text('-----BEGIN CERTIFICATE-----') });

/** Ties the environment's name to its web servers; in production also what protects the whole zone, which exists once. */
export class SecurityUnit extends TuxUnit<typeof outputs> {
  constructor(region: TuxRegion, id: string) {
    super(region, id, outputs);
    this.useCloudflare();
    const { zoneId } = this.dependency(zoneUnitOf(region));
    if (this.environment.environment === 'production') new ZoneProtection(this, 'zone', { zoneId });
    const lock = new OriginLock(this, 'origin', {
      zoneId,
      hostname: this.environment.hostname,
      certificateRequest: this.variable('origin_certificate_request', {
        description: 'Certificate signing request of the web servers for the public name, as PEM',
      }).stringValue,
      clientCertificateId: this.variable('origin_pull_certificate_id', {
        description: 'ID that Cloudflare gave the client certificate for this name',
      }).stringValue,
    });
    this.outputs({ originCertificate: lock.certificate.certificate });
  }
}
