import type { Diagram, DiagramNode } from 'terrace/diagram';

import { gates } from '../topology/gates';
import { pipelineJobs, pipelineStages, type PipelineJobName } from '../topology/pipeline';

/** What an event must be for a deploying job to run. */
const events: Readonly<Partial<Record<PipelineJobName, string>>> = {
  'deploy-preview': 'pull request',
  'deploy-staging': 'develop',
  'deploy-production': 'main',
};

/** From a change to an environment: the jobs in their order, each with the gate that it is. */
export function pipelinePicture(): Diagram {
  const jobs = Object.entries(pipelineJobs) as [PipelineJobName, (typeof pipelineJobs)[PipelineJobName]][];
  return {
    title: 'Pipeline',
    description:
      'From a change to an environment: lint and type check, then unit tests, then the build, then preview, staging with its end-to-end tests, or production.',
    direction: 'right',
    clusters: Object.entries(pipelineStages).map(([id, title]) => ({ id, title, kind: 'group' as const })),
    nodes: jobs.map(([id, { title, stage }]): DiagramNode => {
      const subtitle = events[id] ?? gateOf(id);
      return {
        id,
        title,
        parent: stage,
        kind: stage === 'deploy' && id !== 'e2e-staging' ? 'release' : id === 'build' ? 'step' : 'check',
        ...(subtitle === undefined ? {} : { subtitle }),
      };
    }),
    edges: jobs.flatMap(([id, { needs }]) => needs.map((needed) => ({ from: needed, to: id, kind: 'flow' as const }))),
  };
}

function gateOf(job: PipelineJobName): string | undefined {
  const gate = Object.entries(gates).find(([name]) => name === job)?.[1];
  return gate === undefined ? undefined : `${gate.requirement}${gate.blocking ? '' : ', a warning'}`;
}
