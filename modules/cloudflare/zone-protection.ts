import { Construct } from 'constructs';

import { Ruleset } from '@cdktf/provider-cloudflare/lib/ruleset';
import { ZoneSetting } from '@cdktf/provider-cloudflare/lib/zone-setting';

/** Cloudflare's managed rulesets by their fixed ids (developers.cloudflare.com, "WAF Managed Rules" and "DDoS managed rulesets"). */
export const managedRulesets = {
  cloudflare: 'efb7b8c949ac4650a09736fc376e9aee',
  owasp: '4814384a9e5d4991b9815dcfc25d2f1f',
  /** The only one of a zone on the free plan. */
  free: '77454fe2d30c4220b5701f6fdfb893ba',
  httpDdos: '4d21379b4f9f4bb088e0729962c8b3cf',
} as const;

/** Settings of a zone whose origins hold certificates: TLS everywhere, checked on the way to the origin too. */
const strictTls: Readonly<Record<string, string>> = {
  ssl: 'strict',
  always_use_https: 'on',
  automatic_https_rewrites: 'on',
  min_tls_version: '1.2',
  tls_1_3: 'on',
};

export interface ZoneProtectionOptions {
  readonly zoneId: string;
  /** WAF rulesets in the order in which they run. @default Cloudflare's and OWASP's, which need a paid plan */
  readonly waf?: readonly ('cloudflare' | 'owasp' | 'free')[];
}

/** What protects a whole zone: the managed WAF, the HTTP DDoS rules set to block, strict TLS. Exists once per zone. */
export class ZoneProtection extends Construct {
  constructor(scope: Construct, id: string, { zoneId, waf = ['cloudflare', 'owasp'] }: ZoneProtectionOptions) {
    super(scope, id);
    new Ruleset(this, 'waf', {
      zoneId,
      kind: 'zone',
      name: 'Managed WAF',
      phase: 'http_request_firewall_managed',
      rules: waf.map((name) => ({
        action: 'execute',
        actionParameters: { id: managedRulesets[name] },
        description: `Managed rules: ${name}`,
        enabled: true,
        expression: 'true',
      })),
    });
    new Ruleset(this, 'ddos', {
      zoneId,
      kind: 'zone',
      name: 'HTTP DDoS protection',
      phase: 'ddos_l7',
      rules: [
        {
          action: 'execute',
          actionParameters: { id: managedRulesets.httpDdos, overrides: { action: 'block', sensitivityLevel: 'default' } },
          description: 'Block what the HTTP DDoS rules detect',
          enabled: true,
          expression: 'true',
        },
      ],
    });
    for (const [settingId, value] of Object.entries(strictTls)) zoneSetting(this, settingId, zoneId, value);
  }
}

// The bindings type `value` as a map although the API takes any JSON.
function zoneSetting(scope: Construct, settingId: string, zoneId: string, value: string): ZoneSetting {
  const setting = new ZoneSetting(scope, `setting-${settingId.replaceAll('_', '-')}`, { zoneId, settingId, value: {} });
  setting.addOverride('value', value);
  return setting;
}
