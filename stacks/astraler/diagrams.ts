import type { Diagram, DiagramPage, Infrastructure } from 'terrace/diagram';

import { architecturePicture } from './pictures/architecture';
import { pipelinePicture } from './pictures/pipeline';

/** The page of pictures: the layers of production as they are synthesized, and the jobs of the pipeline. */
export function pages(graph: Infrastructure): readonly DiagramPage[] {
  const section = (diagram: Diagram, asset: string, text: string) => ({
    heading: diagram.title,
    text,
    asset: `docs/assets/astraler-${asset}.svg`,
    diagram,
  });
  return [
    {
      path: 'docs/astraler/diagrams.md',
      title: 'Diagrams',
      introduction: 'Drawn from the synthesized resources of production, and from the jobs and gates that the pipeline is tested against.',
      sections: [
        section(
          architecturePicture(graph),
          'architecture',
          'An arrow needs the records, rules, routes and bindings that it stands for; the other environments differ by data.',
        ),
        section(pipelinePicture(), 'pipeline', 'The boxes are the jobs of the application’s workflow, CI/CD Pipeline.'),
      ],
      related: [
        { title: 'astraler', href: '../astraler.md' },
        { title: 'Recovery', href: 'recovery.md' },
      ],
    },
  ];
}
