import { expect, test } from '@jest/globals';

import { GithubProvider, GithubRole } from '../../../modules/aws/github-oidc';
import { statements, synthesized } from './synthesized';

const role = (subjects: readonly string[]) =>
  synthesized((stack) => {
    const provider = new GithubProvider(stack, 'p');
    new GithubRole(stack, 'r', {
      name: 'deploy',
      providerArn: provider.arn,
      subjects,
      policies: { 'part-1': '{"a":1}', 'part-2': '{"b":2}' },
    });
  });

test('the provider is GitHub Actions with STS as its audience', () => {
  expect(role(['repo:o/n:pull_request']).one('aws_iam_openid_connect_provider')).toMatchObject({
    url: 'https://token.actions.githubusercontent.com',
    client_id_list: ['sts.amazonaws.com'],
  });
});

test('exact subjects are compared exactly and patterns only inside the repository', () => {
  const { one, ref } = role(['repo:o/n:environment:production', 'repo:o/n:ref:refs/heads/*']);
  const trust = statements(one('aws_iam_role')['assume_role_policy']);
  expect(trust['GithubActions']).toMatchObject({
    Principal: { Federated: ref('aws_iam_openid_connect_provider', 'arn') },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: {
        'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
        'token.actions.githubusercontent.com:sub': ['repo:o/n:environment:production'],
      },
    },
  });
  expect(trust['GithubActionsRefs']?.['Condition']).toEqual({
    StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
    StringLike: { 'token.actions.githubusercontent.com:sub': ['repo:o/n:ref:refs/heads/*'] },
  });
});

test.each(['*', 'repo:o/n:*', 'repo:o/*:pull_request', 'repo:*/n:environment:x', 'repo:o/n:environment:*', 'o/n:pull_request'])(
  'the subject %s is refused',
  (subject) => {
    expect(() => role([subject])).toThrow(`role deploy: subject '${subject}' does not name one repository and what of it`);
  },
);

test('each policy becomes a managed one that is attached to the role', () => {
  const { all, list, ref } = role(['repo:o/n:pull_request']);
  expect(list('aws_iam_policy').map(({ name, policy }) => [name, policy])).toEqual([
    ['deploy-part-1', '{"a":1}'],
    ['deploy-part-2', '{"b":2}'],
  ]);
  expect(list('aws_iam_role_policy_attachment').map(({ role: name, policy_arn }) => [name, policy_arn])).toEqual(
    Object.keys(all('aws_iam_policy'))
      .sort()
      .map((id) => [ref('aws_iam_role', 'name'), `\${aws_iam_policy.${id}.arn}`]),
  );
});
