import { parse } from 'yaml';

import { requirement, type Demand } from '../../olechka/requirements/requirement';
import type { Json, SynthesizedTree } from '../../olechka/tree';

/** The steps of a pipeline: a job, and what it runs or hands its work to. */
type Steps = readonly (readonly [job: string, does: string])[];

/** The flows of the document as the pipelines have them. */
export const pipelines = [
  requirement('P-22', 'development goes from Terraform over Ansible, the stacks and DuckDNS to the health checks', (tree, demand) =>
    inOrder(tree, demand, 'promata-dev.yml', [
      ['dev-1', '"target":"pro-mata/dev"'],
      ['ansible', 'playbook --skip-tags stacks playbooks/site.yml'],
      ['swarm', 'playbook --tags stacks playbooks/site.yml'],
      ['duckdns', 'scripts/duckdns-update.sh'],
      ['health', 'scripts/health-check.sh https://promata-dev.duckdns.org'],
    ]),
  ),
  requirement('P-23/pipeline', 'production goes from Terraform over ECS and Route 53 to the health of the load balancer', (tree, demand) =>
    inOrder(tree, demand, 'promata-prod.yml', [
      ['prod-1', '"target":"pro-mata/prod"'],
      ['ecs', '"operation":"services"'],
      ['route53', 'getent ahosts promata.ages.pucrs.br'],
      ['alb-health', 'https://api.promata.ages.pucrs.br/api/health'],
    ]),
  ),
];

/** Each step waits for the one before, does its part, and all of it waits for the repository's word. */
function inOrder(tree: SynthesizedTree, demand: Demand, file: string, steps: Steps): void {
  const jobs: Readonly<Record<string, Json>> = parse(tree.files[`workflows/${file}`] ?? '')?.jobs ?? {};
  demand(String(jobs['detect']?.if).includes("vars.PRO_MATA_ENABLED == 'true'"), `${file} acts without being asked`);
  for (const [index, [name, does]] of steps.entries()) {
    const job = jobs[name];
    demand(job !== undefined, `${file} has no job ${name}`);
    demand(JSON.stringify(job ?? {}).includes(does), `${name} does not ${does}`);
    const before = index === 0 ? 'detect' : (steps[index - 1]?.[0] ?? '');
    demand([job?.needs ?? []].flat().includes(before), `${name} does not wait for ${before}`);
  }
}
