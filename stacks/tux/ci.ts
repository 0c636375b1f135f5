import type { CiEnvironmentValues, CiValues } from 'terrace';

import { account } from './account';

const ansible = {
  folder: 'ansible',
  inventory: 'inventory/terraform.py',
  playbook: 'playbooks/site.yml',
  unit: 'eu-central/monitoring/stack',
} as const;

/** An administrator makes these two roles in the account that holds the states. */
const environment: Pick<CiEnvironmentValues, 'roles' | 'tokens' | 'ansible'> = {
  roles: { plan: `arn:aws:iam::${account.id}:role/tux-plan`, apply: `arn:aws:iam::${account.id}:role/tux-apply` },
  tokens: ['HCLOUD_TOKEN', 'CLOUDFLARE_API_TOKEN'],
  ansible,
};

/** Staging by itself, then persons try it out, then production. */
export const ci: CiValues = {
  repository: { name: 'allthingslinux/infra' },
  prefix: 'tux-',
  titles: { detect: 'CI Build', tests: 'Automated Tests', monitor: 'Monitor & Verify' },
  checks: ['format', 'validate', 'security', 'tests'],
  environments: {
    staging: {
      ...environment,
      title: 'Deploy to Staging',
      approvals: 0,
      trial: 'manual-testing',
      address: 'https://staging.tux.allthingslinux.org/',
    },
    production: {
      ...environment,
      title: 'Deploy to Production',
      approvals: 1,
      after: 'staging',
      address: 'https://tux.allthingslinux.org/',
    },
  },
};
