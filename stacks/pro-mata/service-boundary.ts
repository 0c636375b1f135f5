import { policyDocument } from '../../modules/aws/policy';
import type { AwsNames } from './names';
import { root, stateAccount } from './root';

/**
 * The most that any role of a service of production can ever do, whatever its own policy says: no identity management, no assuming of
 * other roles, no networks, no states. A role's own policy narrows it further.
 */
export function serviceBoundary(names: AwsNames): string {
  return policyDocument([
    {
      sid: 'Logs',
      actions: [
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:DescribeLogStreams',
        'logs:GetLogEvents',
        'logs:PutLogEvents',
        'logs:PutRetentionPolicy',
      ],
      resources: [`arn:aws:logs:*:${stateAccount}:log-group:*`],
    },
    {
      sid: 'Secrets',
      actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
      resources: [`arn:aws:secretsmanager:*:${stateAccount}:secret:${names.base}-*`],
    },
    { sid: 'Keys', actions: ['kms:Decrypt', 'kms:DescribeKey'], resources: [`arn:aws:kms:*:${stateAccount}:key/*`] },
    {
      sid: 'Images',
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: [`arn:aws:ecr:*:${stateAccount}:repository/${root.project}-*`],
    },
    {
      sid: 'WithoutResource',
      // None of these actions has a resource-level permission.
      actions: ['cloudwatch:PutMetricData', 'ecr:GetAuthorizationToken'],
      resources: ['*'],
    },
  ]);
}
