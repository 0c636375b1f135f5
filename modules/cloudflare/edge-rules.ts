import { List } from '@cdktf/provider-cloudflare/lib/list';
import { Ruleset } from '@cdktf/provider-cloudflare/lib/ruleset';
import { TieredCache } from '@cdktf/provider-cloudflare/lib/tiered-cache';
import { Construct } from 'constructs';
import { expression } from 'terrace';

export interface AdminAllowlistOptions {
  readonly accountId: string;
  readonly zoneId: string;
  /** Name of the list: small letters, digits and underscores. */
  readonly name: string;
  /** Requests of administrators, in Cloudflare's rules language. */
  readonly requests: string;
  /** What terraform takes as a list of addresses and networks, as an expression: `var.admin_addresses`. */
  readonly addresses: string;
}

/** Blocks requests of administrators from everywhere but the listed addresses. The zone's only custom rule set. */
export class AdminAllowlist extends Construct {
  constructor(scope: Construct, id: string, { accountId, zoneId, name, requests, addresses }: AdminAllowlistOptions) {
    super(scope, id);
    const list = new List(this, 'addresses', {
      accountId,
      kind: 'ip',
      name,
      description: 'Addresses that may reach the admin area',
      items: expression(`[for address in ${addresses} : { ip = address }]`),
    });
    const rules = new Ruleset(this, 'rules', {
      zoneId,
      kind: 'zone',
      name: 'Custom rules',
      phase: 'http_request_firewall_custom',
      rules: [
        {
          action: 'block',
          description: 'Allow the admin area from listed addresses only',
          enabled: true,
          expression: `(${requests}) and not ip.src in $${name}`,
        },
      ],
    });
    // The rule names the list in its text, which terraform cannot see.
    rules.node.addDependency(list);
  }
}

export interface EdgeCacheOptions {
  readonly zoneId: string;
  /** Requests whose answers are never kept. */
  readonly never: string;
  /** Requests whose answers are kept. */
  readonly always: string;
  /** How long, where the answer does not say. Seconds. */
  readonly seconds: number;
}

/** What the CDN keeps, and that its data centers ask each other before they ask the origin. Exists once per zone. */
export class EdgeCache extends Construct {
  constructor(scope: Construct, id: string, { zoneId, never, always, seconds }: EdgeCacheOptions) {
    super(scope, id);
    new Ruleset(this, 'rules', {
      zoneId,
      kind: 'zone',
      name: 'Cache',
      phase: 'http_request_cache_settings',
      rules: [
        {
          action: 'set_cache_settings',
          description: 'Cache static files',
          enabled: true,
          expression: always,
          actionParameters: {
            cache: true,
            edgeTtl: { mode: 'override_origin', default: seconds },
            browserTtl: { mode: 'respect_origin' },
          },
        },
        {
          action: 'set_cache_settings',
          description: 'Do not cache responses of the application',
          enabled: true,
          expression: never,
          actionParameters: { cache: false },
        },
      ],
    });
    new TieredCache(this, 'tiers', { zoneId, value: 'on' });
  }
}
