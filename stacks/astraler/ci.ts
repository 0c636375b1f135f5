import type { CiEnvironmentValues, CiValues } from 'terrace';

import { account } from './account';
import { applicationPipeline, enabledBy } from './pipelines/application';
import { backupPipelines } from './pipelines/backups';
import { root } from './root';

/** An administrator makes the two roles of an environment in the account that holds the states. */
const roles = (environment: string): CiEnvironmentValues['roles'] => ({
  plan: `arn:aws:iam::${account.id}:role/astraler-${environment}-plan`,
  apply: `arn:aws:iam::${account.id}:role/astraler-${environment}-apply`,
});

/** Upstash has no key of its management API that only reads: branches get none, and no plan of its units. */
const writing = ['upstash_api_key'];

/** The infrastructure: previews by themselves, staging once one person says so, production once two do. The application and its backups have their own. */
export const ci: CiValues = {
  repository: { name: `${root.repository.owner}/${root.repository.name}` },
  enabledBy,
  others: [applicationPipeline, ...backupPipelines],
  prefix: 'astraler-infrastructure-',
  environments: {
    preview: { title: 'Preview', approvals: 0, roles: roles('preview'), writing },
    staging: { title: 'Staging', approvals: 1, after: 'preview', roles: roles('staging'), writing },
    production: { title: 'Production', approvals: 2, after: 'staging', roles: roles('production'), writing },
  },
};
