import type { AccountValues } from 'terrace';

/** Hetzner and Cloudflare have no AWS account: this one holds the states of all environments. */
export const account: AccountValues = {
  id: '789012345678',
  name: 'tux',
};
