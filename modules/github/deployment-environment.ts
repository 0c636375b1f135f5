import { ActionsEnvironmentSecret } from '@cdktf/provider-github/lib/actions-environment-secret';
import { ActionsEnvironmentVariable } from '@cdktf/provider-github/lib/actions-environment-variable';
import { RepositoryEnvironment } from '@cdktf/provider-github/lib/repository-environment';
import { Construct } from 'constructs';

export interface DeploymentEnvironmentOptions {
  readonly repository: string;
  readonly name: string;
  /** Whether only protected branches may use it; otherwise every branch. */
  readonly protectedBranches: boolean;
  /** Id of the team that says yes before a job may start. @default nobody is asked */
  readonly reviewerTeamId?: number;
  /** By name; each a sensitive value of terraform. @default none */
  readonly secrets?: Readonly<Record<string, string>>;
  /** By name. @default none */
  readonly variables?: Readonly<Record<string, string>>;
}

/** An environment of a repository's workflows, with what its jobs find in it. */
export class DeploymentEnvironment extends Construct {
  constructor(scope: Construct, id: string, options: DeploymentEnvironmentOptions) {
    super(scope, id);
    const { repository, name, protectedBranches, reviewerTeamId, secrets = {}, variables = {} } = options;
    const { environment } = new RepositoryEnvironment(this, 'environment', {
      repository,
      environment: name,
      ...(protectedBranches ? { deploymentBranchPolicy: { protectedBranches: true, customBranchPolicies: false } } : {}),
      ...(reviewerTeamId === undefined
        ? {}
        : { preventSelfReview: true, canAdminsBypass: false, reviewers: [{ teams: [reviewerTeamId] }] }),
    });
    const inside = { repository, environment };
    const slug = (key: string): string => key.toLowerCase().replaceAll('_', '-');
    for (const [secretName, plaintextValue] of Object.entries(secrets))
      new ActionsEnvironmentSecret(this, `secret-${slug(secretName)}`, { ...inside, secretName, plaintextValue });
    for (const [variableName, value] of Object.entries(variables))
      new ActionsEnvironmentVariable(this, `variable-${slug(variableName)}`, { ...inside, variableName, value });
  }
}
