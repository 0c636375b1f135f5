import type { Diagram, DiagramPage, Infrastructure } from 'terrace/diagram';

import { developmentPicture } from './pictures/development';
import { flowPicture } from './pictures/flow';
import { productionPicture } from './pictures/production';

/** The page of pictures: both environments as they are synthesized, and the way of a deployment of each. */
export function pages(graph: Infrastructure): readonly DiagramPage[] {
  const section = (diagram: Diagram, asset: string, text: string) => ({
    heading: diagram.title,
    text,
    asset: `docs/assets/pro-mata-${asset}.svg`,
    diagram,
  });
  return [
    {
      path: 'docs/pro-mata/diagrams.md',
      title: 'Diagrams',
      introduction: 'Drawn from the synthesized resources and from the services that the stacks are rendered from.',
      sections: [
        section(developmentPicture(graph), 'development', 'Arrows between services are needs with a network that both are in.'),
        section(productionPicture(graph), 'production', 'Arrows with ports are rules of the security groups.'),
        section(flowPicture('dev'), 'development-flow', 'In order; each step waits for the one before.'),
        section(flowPicture('prod'), 'production-flow', 'In order; each step waits for the one before.'),
      ],
      related: [{ title: 'pro-mata', href: '../pro-mata.md' }],
    },
  ];
}
