import type { JsonObject } from '../../../../terrace/base/json';

import { changed, gone, made, type RuleCase } from './rule-case';

const zone_id = '${cloudflare_zone.support.id}';
const account_id = 'fedcba9876543210fedcba9876543210';
const route: JsonObject = { zone_id, pattern: 'app.example.org/@@/*', script: 'api' };
const mail: JsonObject = { email: [{ id: 'operations@example.org' }] };

const waf = (action: string, expression: string): JsonObject => ({
  zone_id,
  kind: 'zone',
  name: 'attacks-@@',
  phase: 'http_request_firewall_custom',
  rules: [{ ref: 'attacks', description: 'attacks', action, enabled: true, expression }],
});
const bucket = '${cloudflare_r2_bucket.support.name}';
const other = '${cloudflare_r2_bucket.other.name}';
const attack = '(http.request.uri.path contains "/.env")';

export const edgeCases: readonly RuleCase[] = [
  {
    rule: 'edge-protection-off',
    ...changed('cloudflare_ruleset', {}, [waf('block', attack), waf('log', attack)], [waf('log', attack), waf('block', attack)]),
  },
  {
    rule: 'bucket-public',
    ...changed(
      'cloudflare_r2_managed_domain',
      { account_id },
      [
        { bucket_name: bucket, enabled: false },
        { bucket_name: bucket, enabled: true },
      ],
      [
        { bucket_name: other, enabled: true },
        { bucket_name: other, enabled: false },
      ],
    ),
  },
  {
    rule: 'bucket-public',
    ...made(
      'cloudflare_r2_custom_domain',
      { account_id, bucket_name: bucket, domain: 'files.example.org', zone_id, enabled: true },
      { account_id, bucket_name: other, domain: 'kept.example.org', zone_id, enabled: false },
    ),
  },
  { rule: 'worker-route-gone', ...gone('cloudflare_workers_route', route, { script: 'api-next' }) },
  {
    rule: 'worker-route-gone',
    ...changed(
      'cloudflare_workers_route',
      { zone_id },
      [
        { pattern: 'app.example.org/@@/moved/*', script: 'api' },
        { pattern: 'old.example.org/@@/moved/*', script: 'api' },
      ],
      [
        { pattern: 'app.example.org/@@/kept/*', script: 'api' },
        { pattern: 'app.example.org/@@/kept/*', script: 'api-next' },
      ],
    ),
  },
  {
    rule: 'alert-ends-nowhere',
    ...changed(
      'cloudflare_notification_policy',
      { account_id, name: 'certificate-@@', alert_type: 'universal_ssl_event_type' },
      [{ mechanisms: mail }, { mechanisms: { email: [] } }],
      [{ mechanisms: mail }, { mechanisms: { email: [{ id: 'others@example.org' }] } }],
    ),
  },
];
