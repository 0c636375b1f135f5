import type { DiagramPage, Infrastructure } from 'terrace/diagram';

import { picture } from './picture';

/** The page of pictures: each environment as it is synthesized, the planned one dashed. */
export function pages(graph: Infrastructure): readonly DiagramPage[] {
  const section = (environment: 'development' | 'staging' | 'production', text: string) => {
    const diagram = picture(graph, environment);
    return { heading: diagram.title, text, asset: `docs/assets/astra-${environment}.svg`, diagram };
  };
  return [
    {
      path: 'docs/astra/diagrams.md',
      title: 'Diagrams',
      introduction:
        'Drawn from the synthesized services, ingress, network policies and charts: an arrow that is here is a way that is open.',
      sections: [
        section('development', 'Frontend, backend and database have a load balancer each.'),
        section('staging', 'Only the frontend is reached from outside.'),
        section('production', 'Described and not built yet. Only the frontend is reached from outside, through the ingress.'),
      ],
      related: [{ title: 'Environments', href: 'environments.md' }],
    },
  ];
}
