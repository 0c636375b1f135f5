import { BranchProtection } from '@cdktf/provider-github/lib/branch-protection';
import { declareOutputs } from 'terrace';

import { DeploymentEnvironment } from '../../../../modules/github/deployment-environment';
import { AstralerEnvironment, AstralerUnit, prefixOf, type AstralerRegion } from '../../astraler-unit';
import { requiredChecks } from '../../topology/gates';

const outputs = declareOutputs({});

/** The repository's rules: what its branches wait for, and one environment for each of the system's with the token that deploys to it. */
export class RepositoryUnit extends AstralerUnit<typeof outputs> {
  constructor(region: AstralerRegion, id: string) {
    super(region, id, outputs);
    this.useGithub();
    const { name: repository } = this.root.repository;
    for (const branch of ['main', 'develop'] as const)
      new BranchProtection(this, branch, {
        repositoryId: repository,
        pattern: branch,
        enforceAdmins: true,
        allowsDeletions: false,
        allowsForcePushes: false,
        requireConversationResolution: true,
        requiredStatusChecks: [{ strict: true, contexts: [...requiredChecks(branch)] }],
        requiredPullRequestReviews: [{ requiredApprovingReviewCount: 1, dismissStaleReviews: true, requireLastPushApproval: true }],
      });
    const reviewerTeamId = this.variable('github_reviewer_team_id', {
      type: 'number',
      description: 'ID of the GitHub team that approves releases to production',
    }).numberValue;
    for (const one of region.environment.system.environments) {
      if (!(one instanceof AstralerEnvironment)) continue;
      const { environment, branch, hostname, protect } = one.values;
      new DeploymentEnvironment(this, environment, {
        repository,
        name: prefixOf(environment),
        protectedBranches: branch !== null,
        ...(protect ? { reviewerTeamId } : {}),
        secrets: {
          CLOUDFLARE_API_TOKEN: this.secret(`${environment}_deploy_token`, `Cloudflare API token that deploys Workers to ${environment}`),
        },
        variables: { APP_URL: `https://${hostname}` },
      });
    }
  }
}
