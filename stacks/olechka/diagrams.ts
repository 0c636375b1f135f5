import type { DiagramPage, Infrastructure } from 'terrace/diagram';

import { configurationPicture } from './pictures/configuration';
import { Estate } from './pictures/estate';
import { metricsPicture } from './pictures/metrics';
import { overviewPicture } from './pictures/overview';
import { workflowSequence } from './pictures/workflow';

/** The page of pictures: what runs and how a change gets there, a run of the pipeline in time, which file decides what, and what watches. */
export function pages(graph: Infrastructure): readonly DiagramPage[] {
  const estate = new Estate(graph);
  const asset = (name: string): string => `docs/assets/olechka-${name}.svg`;
  return [
    {
      path: 'docs/olechka/diagrams.md',
      title: 'Diagrams',
      introduction: 'Drawn from the synthesized resources of production, the values of the environments, and the pipeline’s settings.',
      sections: [
        {
          heading: 'Complete System Architecture',
          text: 'An arrow among what is deployed needs the rule, listener, policy or reference that it stands for.',
          asset: asset('overview'),
          diagram: overviewPicture(estate),
        },
        {
          heading: 'Workflow Execution',
          text: 'Checks and approvals are those of `stacks/olechka/ci.ts`, which `.github/workflows/olechka.yml` is made from.',
          asset: asset('workflow'),
          sequence: workflowSequence(),
        },
        {
          heading: 'Environment-Specific Configuration',
          text: 'The boxes at the right say what `<environment>/env.ts` asks for.',
          asset: asset('configuration'),
          diagram: configurationPicture(estate),
        },
        {
          heading: 'Key Metrics and Monitoring',
          text: 'Thresholds are those of `production/env.ts`.',
          asset: asset('metrics'),
          diagram: metricsPicture(estate),
        },
      ],
      related: [{ title: 'olechka', href: '../olechka.md' }],
    },
  ];
}
