import type { RootValues } from 'terrace';

import { ci } from './ci';

/** tux: the Discord bot and site of allthingslinux, on Hetzner behind Cloudflare, in two environments. */
export const root = {
  system: 'tux',
  project: 'tux',
  lock: 'dynamodb',
  liveTree: 'ignored',
  ci,
} as const satisfies RootValues;

/** The Cloudflare zone; production owns it. */
export const zoneName = 'allthingslinux.org';

/** Where the states of all environments are. */
export const stateRegion = 'eu-central-1';

/** The image of every server. */
export const image = 'ubuntu-24.04';

/** The operators' login on every server. */
export const operator = 'ops';
