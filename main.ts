import type { Project } from 'terrace';

/** The systems of this repository, each loaded only when it is selected. */
export const project: Project = {
  systems: {
    astra: async () => (await import('./stacks/astra/system')).astra,
    astraler: async () => (await import('./stacks/astraler/system')).astraler,
    olechka: async () => (await import('./stacks/olechka/system')).olechka,
    'pro-mata': async () => (await import('./stacks/pro-mata/system')).proMata,
    tux: async () => (await import('./stacks/tux/system')).tux,
  },
};
