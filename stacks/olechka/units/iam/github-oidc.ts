import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { declareOutputs, text } from 'terrace';
import { jobTrust } from 'terrace/ci';
import { roleNeeds, rolePolicies } from 'terrace/iam';

import { GithubProvider, GithubRole } from '../../../../modules/aws/github-oidc';
import { applyRoleName, planRoleName } from '../../role-names';
import { OlechkaUnit, type OlechkaGlobal } from '../../olechka-unit';
import { ci } from '../../ci';
import { serviceBoundary } from '../../service-boundary';

const outputs = declareOutputs({
  applyRoleArn: text('arn:aws:iam::123456789012:role/github-actions-role'),
  planRoleArn: text('arn:aws:iam::123456789012:role/github-actions-plan-role'),
});

/** Types this unit has itself: its own policies cannot be derived from resources that do not exist yet. */
const ownTypes = ['aws_iam_openid_connect_provider', 'aws_iam_policy', 'aws_iam_role', 'aws_iam_role_policy_attachment'];

/**
 * How GitHub Actions gets into the environment's account: the identity provider, a role that plans, from the plan
 * environment alone, and `github-actions-role`, which applies, from the protected environment alone; both from the generated workflow at the
 * protected branch, so that a branch's own workflow can take neither. Both are derived from what the
 * environment's units use. Also the boundary of all service roles. Applied by an administrator; the roles cannot change it.
 */
export class GithubOidcUnit extends OlechkaUnit<typeof outputs, OlechkaGlobal> {
  override readonly appliedByBootstrap = true;

  constructor(region: OlechkaGlobal, id: string) {
    super(region, id, outputs);
    const { environment } = region;
    const provider = new GithubProvider(this, 'github');
    new IamPolicy(this, 'service-boundary', {
      name: this.names.serviceBoundary,
      description: 'Permissions boundary of the service roles',
      policy: serviceBoundary({ environment: environment.name, account: this.account, region: this.awsRegion }),
    });
    const needs = roleNeeds(environment, { unfinished: { unit: this, types: ownTypes } });
    const apply = new GithubRole(this, 'apply', {
      name: applyRoleName,
      providerArn: provider.arn,
      ...jobTrust(ci.repository, environment.name, ci.branch),
      policies: numbered(rolePolicies('apply', needs)),
    });
    const plan = new GithubRole(this, 'plan', {
      name: planRoleName,
      providerArn: provider.arn,
      ...jobTrust(ci.repository, `${environment.name}-plan`, ci.branch),
      policies: numbered(rolePolicies('plan', needs)),
    });
    this.outputs({ applyRoleArn: apply.arn, planRoleArn: plan.arn });
  }
}

function numbered(policies: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(policies.map((policy, index) => [`part-${index + 1}`, policy]));
}
