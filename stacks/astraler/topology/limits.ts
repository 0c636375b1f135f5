import type { RateLimit } from '../../../modules/cloudflare/rate-limits';
import type { AstralerRootValues } from '../values';
import { forPath } from './hosts';

/** The rate limits of the zone, in a minute and by address: Cloudflare counts by user on its largest plan only. */
export function limitsOf(limits: AstralerRootValues['rateLimits'], hosts: string): readonly RateLimit[] {
  const auth = forPath('/api/auth/');
  const webhooks = forPath('/webhooks/');
  const api = `${hosts} and ${forPath('/api/')} and not ${auth}`;
  const signedIn = 'len(http.request.headers["authorization"]) > 0';
  return [
    { description: `auth: ${limits.auth} per minute`, expression: `${hosts} and ${auth}`, requests: limits.auth },
    { description: `webhooks: ${limits.webhooks} per minute`, expression: `${hosts} and ${webhooks}`, requests: limits.webhooks },
    {
      description: `api, authenticated: ${limits.authenticated} per minute`,
      expression: `${api} and ${signedIn}`,
      requests: limits.authenticated,
    },
    {
      description: `api, unauthenticated: ${limits.unauthenticated} per minute`,
      expression: `${api} and not ${signedIn}`,
      requests: limits.unauthenticated,
    },
  ];
}
