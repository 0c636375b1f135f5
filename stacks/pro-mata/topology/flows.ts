/** A step of the way from a change to a system that answers. */
export interface FlowStep {
  readonly id: string;
  readonly title: string;
  readonly does: string;
  /** What does it: units, or files below `artifacts/`, by the beginning of their path. */
  readonly by: readonly string[];
}

/** In order; each follows the one before. */
export const flows: Readonly<Record<'dev' | 'prod', readonly FlowStep[]>> = {
  dev: [
    { id: 'INFRASTRUCTURE', title: 'Infrastructure', does: 'Terraform provisions Azure resources', by: ['network/vnet', 'compute/swarm'] },
    { id: 'CONFIGURATION', title: 'Configuration', does: 'Ansible configures VMs and services', by: ['ansible/playbooks/site.yml'] },
    { id: 'APPLICATIONS', title: 'Applications', does: 'Docker Swarm deploys service stacks', by: ['docker/stacks/'] },
    { id: 'DNS', title: 'DNS', does: 'DuckDNS updates with public IP', by: ['scripts/duckdns-update.sh'] },
    { id: 'HEALTH', title: 'Health', does: 'Automated health checks verify deployment', by: ['scripts/health-check.sh'] },
  ],
  prod: [
    { id: 'INFRASTRUCTURE', title: 'Infrastructure', does: 'Terraform provisions AWS resources', by: ['network/vpc', 'storage/rds'] },
    {
      id: 'APPLICATIONS',
      title: 'Applications',
      does: 'ECS deploys containerized services',
      by: ['compute/ecs-service-frontend', 'compute/ecs-service-backend'],
    },
    { id: 'DNS', title: 'DNS', does: 'Route 53 manages domain routing', by: ['dns/zone'] },
    { id: 'HEALTH', title: 'Health', does: 'ALB health checks ensure availability', by: ['network/alb'] },
  ],
};
