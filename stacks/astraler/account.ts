import type { AccountValues } from 'terrace';

/** Cloudflare, Supabase and Upstash have no AWS account: this one holds the states of all environments. */
export const account: AccountValues = {
  id: '678901234567',
  name: 'astraler',
};
