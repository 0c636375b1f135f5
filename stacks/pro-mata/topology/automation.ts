import type { Playbook } from '../../../modules/hosts/playbook';

/** Deploys the stacks alone, or everything but them. */
export const stacksTag = 'stacks';

/** The playbook that makes the machines a Swarm and deploys everything on it; managers first, so that workers have something to join. */
export const site: Playbook<'managers' | 'workers', 'docker' | 'swarm' | 'monitoring'> = {
  imports: [],
  plays: [
    { name: 'Give every machine Docker and what watches it', hosts: 'all', roles: [{ role: 'docker' }, { role: 'monitoring' }] },
    { name: 'Make the Swarm', hosts: 'managers', roles: [{ role: 'swarm', tasks: 'prepare' }] },
    { name: 'Join the workers', hosts: 'workers', roles: [{ role: 'swarm', tasks: 'prepare' }] },
    { name: 'Deploy the stacks', hosts: 'managers', tags: [stacksTag], roles: [{ role: 'swarm', tasks: 'deploy' }] },
  ],
};
