import type { RootValues } from 'terrace';

/** Astra+: a Next.js frontend and a Django backend on Kubernetes, in two environments and a planned third. */
export const root = {
  system: 'astra',
  project: 'astra',
  lock: 'dynamodb',
  liveTree: 'ignored',
} as const satisfies RootValues;

/** Where the states of all environments are. */
export const stateRegion = 'eu-central-1';

/** Where the clusters are. */
export const clusterRegion = 'europe-west1';
export const clusterZone = 'europe-west1-b';
