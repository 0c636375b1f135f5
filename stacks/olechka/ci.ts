import type { CiEnvironmentValues, CiValues } from 'terrace';

import { account as dev } from './dev/account';
import { account as production } from './production/account';
import { account as staging } from './staging/account';
import { applyRoleName, planRoleName } from './role-names';

/** Who plans and who applies in an account: what `iam/github-oidc` makes there. */
const roles = ({ id }: { readonly id: string }): CiEnvironmentValues['roles'] => ({
  plan: `arn:aws:iam::${id}:role/${planRoleName}`,
  apply: `arn:aws:iam::${id}:role/${applyRoleName}`,
});

/** The repository's ids are not known: its roles trust its name alone until they are given here. */
export const ci: CiValues = {
  repository: { name: 'catherinevee/terragrunt-olechka' },
  checks: ['format', 'validate', 'security', 'costs'],
  environments: {
    dev: { approvals: 0, roles: roles(dev) },
    staging: { approvals: 1, roles: roles(staging) },
    production: { approvals: 2, roles: roles(production) },
  },
};
