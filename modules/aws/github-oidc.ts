import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { Construct } from 'constructs';

import { policyDocument } from './policy';

const host = 'token.actions.githubusercontent.com';

/** GitHub's identity provider for Actions, one per account. AWS trusts its certificates by itself: no thumbprints. */
export class GithubProvider extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const provider = new IamOpenidConnectProvider(this, 'provider', { url: `https://${host}`, clientIdList: ['sts.amazonaws.com'] });
    this.arn = provider.arn;
  }
}

export interface GithubRoleProps {
  readonly name: string;
  readonly providerArn: string;
  /** Subjects of the token that may assume the role, as in `repo:owner/name:environment:production`; `*` only inside one. */
  readonly subjects: readonly string[];
  /** Other claims that the token has to carry, by name: `job_workflow_ref`, `repository_id`. @default none */
  readonly claims?: Readonly<Record<string, string>>;
  /** JSON policies, each at most 6144 characters; each becomes a managed policy. By name. */
  readonly policies: Readonly<Record<string, string>>;
  /** How long a session may last. @default 3600 */
  readonly maxSessionSeconds?: number;
}

/**
 * A role that jobs of one repository assume with their token. Subjects without a `*` are compared exactly. Raises an error for a
 * subject that does not name a repository, or that any job of it would match.
 */
export class GithubRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: GithubRoleProps) {
    super(scope, id);
    for (const subject of props.subjects)
      if (!/^repo:[^*:/]+\/[^*:/]+:(?:environment:[^*]+|ref:.+|pull_request)$/.test(subject))
        throw new Error(`role ${props.name}: subject '${subject}' does not name one repository and what of it`);
    const role = new IamRole(this, 'role', {
      name: props.name,
      assumeRolePolicy: trust(props),
      maxSessionDuration: props.maxSessionSeconds ?? 3600,
    });
    for (const [name, policy] of Object.entries(props.policies)) {
      const managed = new IamPolicy(this, name, { name: `${props.name}-${name}`, policy });
      new IamRolePolicyAttachment(this, `${name}-attachment`, { role: role.name, policyArn: managed.arn });
    }
    this.arn = role.arn;
  }
}

function trust(props: GithubRoleProps): string {
  const exact = props.subjects.filter((subject) => !subject.includes('*'));
  const patterns = props.subjects.filter((subject) => subject.includes('*'));
  const claims = {
    [`${host}:aud`]: 'sts.amazonaws.com',
    ...Object.fromEntries(Object.entries(props.claims ?? {}).map(([name, value]) => [`${host}:${name}`, value])),
  };
  const statement = (sid: string, operator: string, subjects: readonly string[]) => ({
    sid,
    actions: ['sts:AssumeRoleWithWebIdentity'],
    principals: { federated: [props.providerArn] },
    conditions:
      operator === 'StringEquals'
        ? { StringEquals: { ...claims, [`${host}:sub`]: subjects } }
        : { StringEquals: claims, StringLike: { [`${host}:sub`]: subjects } },
  });
  return policyDocument([
    ...(exact.length === 0 ? [] : [statement('GithubActions', 'StringEquals', exact)]),
    ...(patterns.length === 0 ? [] : [statement('GithubActionsRefs', 'StringLike', patterns)]),
  ]);
}
