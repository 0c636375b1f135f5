import { Construct } from 'constructs';

import { Zone } from '@cdktf/provider-cloudflare/lib/zone';
import { ZoneDnssec } from '@cdktf/provider-cloudflare/lib/zone-dnssec';

export interface ManagedZoneOptions {
  readonly accountId: string;
  /** The domain, `example.org`. */
  readonly name: string;
  /** Refuses a plan that would delete the zone and every record in it. */
  readonly protect: boolean;
}

/** A zone with DNSSEC. Its registrar must point to the name servers that it gives. */
export class ManagedZone extends Construct {
  readonly zone: Zone;

  constructor(scope: Construct, id: string, { accountId, name, protect }: ManagedZoneOptions) {
    super(scope, id);
    this.zone = new Zone(this, 'zone', {
      account: { id: accountId },
      name,
      type: 'full',
      ...(protect ? { lifecycle: { preventDestroy: true } } : {}),
    });
    new ZoneDnssec(this, 'dnssec', { zoneId: this.zone.id, status: 'active' });
  }
}
