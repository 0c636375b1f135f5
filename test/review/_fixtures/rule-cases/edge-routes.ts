import type { JsonObject } from '../../../../terrace/base/json';

import { changed, gone, type RuleCase } from './rule-case';

const zone_id = '${cloudflare_zone.support.id}';
const account_id = 'fedcba9876543210fedcba9876543210';
const route: JsonObject = { zone_id, pattern: 'app.example.org/@@/*', script: 'api' };
const mail: JsonObject = { email: [{ id: 'operations@example.org' }] };

export const edgeCases: readonly RuleCase[] = [
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
