import { DnsRecord } from '@cdktf/provider-cloudflare/lib/dns-record';
import { Construct } from 'constructs';

export interface WorkerHostOptions {
  readonly zoneId: string;
  /** Full name, `app.example.org` or `*.preview.example.org`. */
  readonly name: string;
  readonly comment: string;
}

/**
 * A name that Cloudflare answers for without an origin: Workers' routes take its requests. 100::/64 is the block that discards packets
 * (RFC 6666), so a request that no route takes goes nowhere. TTL 1 is "automatic", the only value a proxied record keeps.
 */
export class WorkerHost extends Construct {
  constructor(scope: Construct, id: string, { zoneId, name, comment }: WorkerHostOptions) {
    super(scope, id);
    new DnsRecord(this, 'aaaa', { zoneId, name, type: 'AAAA', content: '100::', proxied: true, ttl: 1, comment });
  }
}
