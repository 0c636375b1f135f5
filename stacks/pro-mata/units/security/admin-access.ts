import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { declareOutputs, type Environment, TerraceError, text } from 'terrace';
import { jobTrust } from 'terrace/ci';
import { roleNeeds, rolePolicies } from 'terrace/iam';

import { AdminRole } from '../../../../modules/aws/admin-role';
import { GithubProvider, GithubRole } from '../../../../modules/aws/github-oidc';
import { AwsUnit, type AwsRegion } from '../../aws-unit';
import { adminRoleName, applyRoleName, devPlanRoleName, devRoleName, planRoleName } from '../../names';
import { repository } from '../../root';
import { serviceBoundary } from '../../service-boundary';

const roleArn = (name: string) => text(`arn:aws:iam::456789012345:role/${name}`);

const outputs = declareOutputs({
  adminRoleArn: roleArn(adminRoleName),
  applyRoleArn: roleArn(applyRoleName),
  planRoleArn: roleArn(planRoleName),
  devRoleArn: roleArn(devRoleName),
  devPlanRoleArn: roleArn(devPlanRoleName),
});

/** Types this unit has itself: its own policies cannot be derived from resources that do not exist yet. */
const ownTypes = ['aws_iam_openid_connect_provider', 'aws_iam_policy', 'aws_iam_role', 'aws_iam_role_policy_attachment'];

/** Who may operate everything but identities, and look at those. */
const operation = ['arn:aws:iam::aws:policy/PowerUserAccess', 'arn:aws:iam::aws:policy/IAMReadOnlyAccess'];

/**
 * Who gets into production's account: people by a role that asks for a second factor, the pipelines by GitHub's identity provider, with
 * roles derived from what the units use. Also the boundary of all service roles. Applied by an administrator; the roles cannot change it.
 */
export class AdminAccessUnit extends AwsUnit<typeof outputs> {
  override readonly appliedByBootstrap = true;

  constructor(region: AwsRegion, id: string) {
    super(region, id, outputs);
    const { environment } = region;
    const admin = new AdminRole(this, 'admin', {
      name: adminRoleName,
      account: this.account,
      policyArns: operation,
      factorSeconds: 3600,
    });
    new IamPolicy(this, 'service-boundary', {
      name: this.names.serviceBoundary,
      description: 'Permissions boundary of the service roles',
      policy: serviceBoundary(this.names),
    });
    const provider = new GithubProvider(this, 'github');
    const role = (id: string, name: string, jobs: string, policies: readonly string[]): string =>
      new GithubRole(this, id, {
        name,
        providerArn: provider.arn,
        ...jobTrust(repository, jobs),
        policies: Object.fromEntries(policies.map((policy, index) => [`part-${index + 1}`, policy])),
      }).arn;
    const needs = roleNeeds(environment, { unfinished: { unit: this, types: ownTypes } });
    // Development's own resources are Azure's: of this account its jobs get the states.
    const states = roleNeeds(this.development());
    this.outputs({
      adminRoleArn: admin.arn,
      applyRoleArn: role('apply', applyRoleName, 'prod', rolePolicies('apply', needs)),
      planRoleArn: role('plan', planRoleName, 'prod-plan', rolePolicies('plan', needs)),
      devRoleArn: role('dev-apply', devRoleName, 'dev', rolePolicies('apply', states)),
      devPlanRoleArn: role('dev-plan', devPlanRoleName, 'dev-plan', rolePolicies('plan', states)),
    });
  }

  /** Raises E1202 when the system has no development. */
  private development(): Environment {
    const { environments } = this.region.environment.system;
    const found = environments.find(({ name }) => name === 'dev');
    if (found === undefined)
      throw new TerraceError({
        code: 'E1202',
        title: 'unknown environment',
        place: this.path,
        found: 'the states of development are here, and development is not described',
        expected: environments.map(({ name }) => name).join(', '),
        todo: 'add the environment dev',
      });
    return found;
  }
}
