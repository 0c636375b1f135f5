import { Construct } from 'constructs';

import { DnsRecord } from '@cdktf/provider-cloudflare/lib/dns-record';

export interface ProxiedHostOptions {
  readonly zoneId: string;
  /** Full name, `app.example.org`. */
  readonly name: string;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly comment: string;
}

/** A name that answers with Cloudflare's addresses and forwards to one origin. TTL 1 is "automatic", the only value a proxied record keeps. */
export class ProxiedHost extends Construct {
  readonly records: readonly DnsRecord[];

  constructor(scope: Construct, id: string, { zoneId, name, ipv4, ipv6, comment }: ProxiedHostOptions) {
    super(scope, id);
    const shared = { zoneId, name, proxied: true, ttl: 1, comment };
    this.records = [
      new DnsRecord(this, 'a', { ...shared, type: 'A', content: ipv4 }),
      new DnsRecord(this, 'aaaa', { ...shared, type: 'AAAA', content: ipv6 }),
    ];
  }
}
