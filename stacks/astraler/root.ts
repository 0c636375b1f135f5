import type { AstralerRootValues } from './values';

/** The Cloudflare zone; production owns it. */
export const zoneName = 'astraler.com';

/** Where the states of all environments are. */
export const stateRegion = 'ap-southeast-1';

/** astraler: a shop platform on Cloudflare Workers, with Supabase, Upstash and R2, in three environments; development is local. */
export const root = {
  system: 'astraler',
  project: 'astraler',
  lock: 'dynamodb',
  liveTree: 'ignored',
  // Rate limits that read a header, and logs of requests that are handed on, are Enterprise's.
  zonePlan: 'enterprise',
  rateLimits: { auth: 10, authenticated: 100, unauthenticated: 30, webhooks: 1000 },
  adminHostname: `admin.${zoneName}`,
  repository: { owner: 'astraler', name: 'astraler' },
  sentryOrganization: 'astraler',
  alertMail: 'operations@astraler.com',
} as const satisfies AstralerRootValues;
