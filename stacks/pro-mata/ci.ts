import type { CiEnvironmentValues, CiValues } from 'terrace';

import { env as dev } from './dev/env';
import { applyRoleName, AwsNames, devPlanRoleName, devRoleName, planRoleName } from './names';
import { env as prod } from './prod/env';
import { region } from './prod/us-east-1/region';
import { repository, stateAccount } from './root';
import { stacksTag } from './topology/automation';
import { product, productServices } from './topology/product';

const roles = (plan: string, apply: string): CiEnvironmentValues['roles'] => ({
  plan: `arn:aws:iam::${stateAccount}:role/${plan}`,
  apply: `arn:aws:iam::${stateAccount}:role/${apply}`,
});
const swarm = { unit: 'eastus2/compute/swarm' } as const;
const duckdns = { unit: 'eastus2/dns/duckdns' } as const;

/** What the playbook asks for beside its inventory. */
const servers = {
  SWARM_MANAGER_PUBLIC_IP: { ...swarm, output: 'swarm_manager_public_ip' },
  KEY_VAULT_NAME: { ...duckdns, output: 'vault_name' },
  BACKUP_CONTAINER_URL: { unit: 'eastus2/storage/backups', output: 'container_url' },
  ACME_EMAIL: { setting: 'ACME_EMAIL' },
} as const;

const names = new AwsNames(prod.environment, region.region);
const addresses = [
  `https://${prod.domains.site}${product.frontend.healthPath}`,
  `https://${prod.domains.api}${product.backend.healthPath}`,
];

/** Development and production are two pipelines, each with the steps of the system's document, in use once the repository says so. */
export const ci: CiValues = {
  repository,
  enabledBy: 'PRO_MATA_ENABLED',
  environments: {
    dev: {
      file: 'promata-dev',
      title: 'Infrastructure (Terraform)',
      approvals: 0,
      roles: roles(devPlanRoleName, devRoleName),
      clouds: ['azure'],
      stages: [
        {
          id: 'ansible',
          title: 'Configuration (Ansible)',
          tool: 'ansible',
          takes: servers,
          run: ['cd ansible', `python3 -m ansible playbook --skip-tags ${stacksTag} playbooks/site.yml`],
        },
        {
          id: 'swarm',
          title: 'Applications (Docker Swarm stacks)',
          tool: 'ansible',
          takes: servers,
          run: ['cd ansible', `python3 -m ansible playbook --tags ${stacksTag} playbooks/site.yml`],
        },
        {
          id: 'duckdns',
          title: 'DNS (DuckDNS)',
          takes: {
            SUBDOMAIN: { ...duckdns, output: 'subdomain' },
            ADDRESS: { ...duckdns, output: 'public_ip' },
            DUCKDNS_TOKEN: { secret: 'TF_VAR_DUCKDNS_TOKEN' },
          },
          run: ['bash scripts/duckdns-update.sh "$SUBDOMAIN" "$ADDRESS"'],
        },
        { id: 'health', title: 'Health checks', run: [`bash scripts/health-check.sh https://${dev.domain}`] },
      ],
    },
    prod: {
      file: 'promata-prod',
      title: 'Infrastructure (Terraform)',
      approvals: 1,
      roles: roles(planRoleName, applyRoleName),
      stages: [
        {
          id: 'ecs',
          title: 'Applications (ECS)',
          ecs: { cluster: names.base, services: productServices.map((name) => names.service(name)) },
        },
        {
          id: 'route53',
          title: 'DNS (Route 53)',
          run: Object.values(prod.domains).map((domain) => `getent ahosts ${domain}`),
        },
        {
          id: 'alb-health',
          title: 'Health (ALB)',
          run: addresses.map(
            (address) => `curl --fail --silent --show-error --retry 10 --retry-delay 6 --retry-all-errors --output /dev/null ${address}`,
          ),
        },
      ],
    },
  },
};
