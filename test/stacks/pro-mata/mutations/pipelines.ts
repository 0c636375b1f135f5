import { parse, stringify } from 'yaml';

import { mutation, type Mutation } from '../../olechka/mutations/mutation';
import type { Json } from '../../olechka/tree';

/** A workflow with other jobs. */
const rewritten = (requirement: string, what: string, file: string, edit: (jobs: Record<string, Json>) => void): Mutation =>
  mutation(requirement, what, (tree) => {
    const files = tree.files as Record<string, string>;
    const workflow = parse(files[`workflows/${file}`] ?? '');
    edit(workflow.jobs);
    files[`workflows/${file}`] = stringify(workflow);
  });

const without = (job: Json, needed: string): void => void (job.needs = job.needs.filter((one: string) => one !== needed));

/** Things done wrong in the pipelines. */
export const pipelineMutations: readonly Mutation[] = [
  rewritten('P-22', 'stacks before the machines are set up', 'promata-dev.yml', (jobs) => without(jobs['swarm'], 'ansible')),
  rewritten('P-22', 'a name before the stacks', 'promata-dev.yml', (jobs) => without(jobs['duckdns'], 'swarm')),
  rewritten('P-22', 'no health checks', 'promata-dev.yml', (jobs) => void delete jobs['health']),
  rewritten('P-22', 'a pipeline that acts unasked', 'promata-dev.yml', (jobs) => void delete jobs['detect'].if),
  rewritten('P-23/pipeline', 'names before the services', 'promata-prod.yml', (jobs) => without(jobs['route53'], 'ecs')),
  rewritten('P-23/pipeline', 'services that nobody waits for', 'promata-prod.yml', (jobs) => void (jobs['ecs'].with.operation = 'outputs')),
];
