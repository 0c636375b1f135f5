import { policyDocument } from '../../modules/aws/policy';
import type { Place } from './names';
import { Names } from './names';
import { root } from './root';

/**
 * The most that any role of the system's services can ever do, whatever its own policy says: no identity management, no assuming of
 * other roles, no networks, no states. A role's own policy narrows it further.
 */
export function serviceBoundary(place: Place): string {
  const names = new Names(place);
  const { account, environment } = place;
  const buckets = `arn:aws:s3:::${root.project}-*-${environment}-*`;
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
      resources: [`arn:aws:logs:*:${account}:log-group:*`],
    },
    {
      sid: 'Objects',
      actions: [
        's3:DeleteObject',
        's3:GetObject',
        's3:GetObjectLegalHold',
        's3:GetObjectRetention',
        's3:GetObjectVersionAcl',
        's3:GetObjectVersionForReplication',
        's3:GetObjectVersionTagging',
        's3:GetReplicationConfiguration',
        's3:ListBucket',
        's3:PutObject',
        's3:ReplicateObject',
        's3:ReplicateTags',
      ],
      resources: [buckets, `${buckets}/*`],
    },
    {
      sid: 'Secrets',
      actions: [
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      resources: [`arn:aws:secretsmanager:*:${account}:secret:${names.base}-*`],
    },
    {
      sid: 'Keys',
      actions: ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
      resources: [`arn:aws:kms:*:${account}:key/*`],
    },
    {
      sid: 'Images',
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: [`arn:aws:ecr:*:${account}:repository/${root.project}-*`],
    },
    {
      sid: 'DatabasePassword',
      actions: ['rds:DescribeDBClusters', 'rds:ModifyDBCluster'],
      resources: [`arn:aws:rds:*:${account}:cluster:${names.base}`],
    },
    {
      sid: 'DatabaseBackups',
      actions: [
        'backup:CopyIntoBackupVault',
        'backup:DescribeBackupVault',
        'rds:AddTagsToResource',
        'rds:CopyDBClusterSnapshot',
        'rds:CreateDBClusterSnapshot',
        'rds:DeleteDBClusterSnapshot',
        'rds:DescribeDBClusterSnapshots',
        'rds:ListTagsForResource',
      ],
      resources: [
        `arn:aws:backup:*:${account}:backup-vault:${names.base}-*`,
        `arn:aws:rds:*:${account}:cluster:${names.base}`,
        `arn:aws:rds:*:${account}:cluster-snapshot:awsbackup:*`,
      ],
    },
    {
      sid: 'WithoutResource',
      // None of these actions has a resource-level permission.
      actions: [
        'cloudwatch:DescribeAlarms',
        'cloudwatch:GetMetricData',
        'cloudwatch:GetMetricWidgetImage',
        'cloudwatch:PutMetricData',
        'ecr:GetAuthorizationToken',
        'secretsmanager:GetRandomPassword',
        'xray:GetSamplingRules',
        'xray:GetSamplingStatisticSummaries',
        'xray:GetSamplingTargets',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ],
      resources: ['*'],
    },
  ]);
}
