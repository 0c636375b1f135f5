import type { RootValues } from 'terrace';

import { ci } from './ci';

/** olechka: the `ai-tools` product on AWS, three environments in two regions. */
export const root = {
  system: 'olechka',
  project: 'ai-tools',
  lock: 'dynamodb',
  liveTree: 'ignored',
  ci,
} as const satisfies RootValues;

/** The region of what an environment has once: `global` units live in its account and their state in its bucket. */
export const homeRegion = 'eu-central-1';
