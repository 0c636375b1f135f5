import type { CiEnvironmentValues, CiValues } from 'terrace';

import { stateAccount } from './account';

/** An administrator makes the two roles of an environment in the account that holds the states, and its two identities in its project. */
const roles = (environment: string): CiEnvironmentValues['roles'] => ({
  plan: `arn:aws:iam::${stateAccount}:role/astra-${environment}-plan`,
  apply: `arn:aws:iam::${stateAccount}:role/astra-${environment}-apply`,
});

/** Development by itself, staging once a person says so, production not before it is built. */
export const ci: CiValues = {
  repository: { name: 'fredisson11/tp154-infrastructure' },
  environments: {
    development: { title: 'Development', approvals: 0, roles: roles('development'), clouds: ['google'] },
    staging: { title: 'Staging', approvals: 1, after: 'development', roles: roles('staging'), clouds: ['google'] },
    production: { title: 'Production', approvals: 2, after: 'staging', roles: roles('production'), clouds: ['google'] },
  },
};
