import type { Diagram, Kind } from 'terrace/diagram';

import { flows } from '../topology/flows';

const kinds: Readonly<Record<string, Kind>> = {
  INFRASTRUCTURE: 'network',
  CONFIGURATION: 'server',
  APPLICATIONS: 'container',
  DNS: 'dns',
  HEALTH: 'check',
};

/** The way of a deployment, from its steps. */
export function flowPicture(environment: 'dev' | 'prod'): Diagram {
  const steps = flows[environment];
  const name = environment === 'dev' ? 'Development' : 'Production';
  return {
    title: `${name} Flow`,
    description: `What a deployment of ${name.toLowerCase()} does, in order: ${steps.map(({ does }) => does).join('; ')}.`,
    direction: 'right',
    clusters: [],
    nodes: steps.map(({ id, title, does }) => ({ id, title, subtitle: does, kind: kinds[id] ?? 'step' })),
    edges: steps.slice(1).map(({ id }, index) => ({ from: steps[index]?.id ?? '', to: id, kind: 'flow' as const })),
  };
}
