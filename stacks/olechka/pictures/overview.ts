import type { Diagram, DiagramNode } from 'terrace/diagram';

import { ci } from '../ci';
import { applyRoleName } from '../role-names';
import { account } from '../production/account';
import { arrowsOf, type Estate, type Grounded } from './estate';
import { stages } from './stages';

const aws = { provider: 'aws' } as const;
const github = { provider: 'github' } as const;

/** From a push to what runs: the pipeline, how it reaches the account, where state lies, and who calls whom in production. */
export function overviewPicture(estate: Estate): Diagram {
  const isTrusted = ci.environments['production']?.roles !== undefined;
  const order = stages
    .slice(1)
    .map(({ id }, index): Grounded =>
      id === 'APPLY' ? [stages[index]?.id ?? '', id, true, 'Approved'] : [stages[index]?.id ?? '', id, true],
    );
  return {
    title: 'Complete System Architecture',
    description:
      'The way of a change from a push through the pipeline into production’s account, and who calls whom among what it deploys.',
    direction: 'down',
    clusters: [
      { id: 'developer', title: 'Developer Workflow', kind: 'group' },
      { id: 'github', title: 'GitHub', kind: 'group' },
      { id: 'stages', title: 'CI/CD Pipeline Stages', kind: 'group' },
      { id: 'account', title: 'AWS Account', subtitle: account.id, kind: 'environment' },
      { id: 'iam', title: 'IAM & Security', kind: 'layer', parent: 'account' },
      { id: 'backend', title: 'Terraform Backend', kind: 'layer', parent: 'account' },
      { id: 'deployed', title: 'Deployed Infrastructure', kind: 'region', parent: 'account' },
      ...(['Network', 'Compute', 'Data', 'Security', 'Monitoring'] as const).map((title) => ({
        id: title,
        title,
        kind: 'layer' as const,
        parent: 'deployed',
      })),
    ],
    nodes: [
      { id: 'DEV', title: 'Developer', kind: 'person', parent: 'developer' },
      { id: 'GIT', title: 'Git Push', kind: 'git', parent: 'developer' },
      { id: 'REPO', title: 'GitHub Repository', subtitle: ci.repository.name, kind: 'git', parent: 'github', ...github },
      { id: 'ACTIONS', title: 'GitHub Actions', subtitle: 'CI/CD Pipeline', kind: 'step', parent: 'github', ...github },
      { id: 'SECRETS', title: 'Repository Secrets & Variables', kind: 'secret', parent: 'github', ...github },
      ...stages.map(({ id, title, rows }): DiagramNode => ({
        id,
        title,
        kind: id === 'REVIEW' ? 'approval' : id === 'VALIDATE' ? 'check' : 'step',
        parent: 'stages',
        rows: rows.map((text) => ({ text })),
      })),
      { id: 'OIDC', title: 'OIDC Provider', subtitle: 'GitHub', kind: 'identity', parent: 'iam', ...aws },
      { id: 'ROLE', title: applyRoleName, kind: 'role', parent: 'iam', ...aws },
      { id: 'S3', title: 'S3 State Bucket', subtitle: 'terraform-state-*', kind: 'bucket', parent: 'backend', ...aws },
      { id: 'DYNAMO', title: 'DynamoDB', subtitle: 'Lock Table', kind: 'state', parent: 'backend', ...aws },
      { id: 'VPC', title: 'VPC + Subnets', kind: 'network', parent: 'Network', ...aws },
      { id: 'ALB', title: 'Load Balancer', kind: 'balancer', parent: 'Network', ...aws },
      { id: 'ECS', title: 'ECS Fargate', subtitle: 'API + Worker', kind: 'container', parent: 'Compute', ...aws },
      { id: 'RDS', title: 'Aurora PostgreSQL', kind: 'database', parent: 'Data', ...aws },
      { id: 'S3DATA', title: 'S3 Buckets', kind: 'bucket', parent: 'Data', ...aws },
      { id: 'CACHE', title: 'ElastiCache', kind: 'cache', parent: 'Data', ...aws },
      { id: 'KMS', title: 'KMS Encryption', kind: 'key', parent: 'Security', ...aws },
      { id: 'SM', title: 'Secrets Manager', kind: 'secret', parent: 'Security', ...aws },
      { id: 'WAF', title: 'WAF Rules', kind: 'firewall', parent: 'Security', ...aws },
      { id: 'CW', title: 'CloudWatch', kind: 'log', parent: 'Monitoring', ...aws },
      { id: 'XRAY', title: 'X-Ray Tracing', kind: 'monitor', parent: 'Monitoring', ...aws },
    ],
    edges: arrowsOf([
      ['DEV', 'GIT', true],
      ['GIT', 'REPO', true],
      ['REPO', 'ACTIONS', true],
      ['ACTIONS', 'DETECT', true],
      ...order,
      ['SECRETS', 'ACTIONS', true, 'Variables'],
      ['ACTIONS', 'OIDC', isTrusted && estate.has('aws_iam_openid_connect_provider'), 'OIDC Auth'],
      ['OIDC', 'ROLE', estate.used('aws_iam_role', 'aws_iam_openid_connect_provider')],
      ['ROLE', 'S3', estate.speaks('aws_iam_policy', /s3:PutObject/) || estate.speaks('aws_iam_role_policy', /s3:PutObject/)],
      ['ROLE', 'DYNAMO', estate.locks()],
      ['APPLY', 'VPC', estate.has('aws_vpc')],
      ['APPLY', 'ECS', estate.has('aws_ecs_service')],
      ['APPLY', 'RDS', estate.has('aws_rds_cluster')],
      ['APPLY', 'KMS', estate.has('aws_kms_key')],
      ['ALB', 'ECS', estate.called('aws_lb', 'aws_ecs_service')],
      ['ECS', 'RDS', estate.called('aws_ecs_service', 'aws_rds_cluster')],
      ['ECS', 'S3DATA', estate.called('aws_ecs_service', 'aws_s3_bucket')],
      ['ECS', 'CACHE', estate.called('aws_ecs_service', 'aws_elasticache_replication_group')],
      ['ECS', 'SM', estate.called('aws_ecs_service', 'aws_secretsmanager_secret')],
      ['SM', 'KMS', estate.used('aws_secretsmanager_secret', 'aws_kms_key')],
      ['ECS', 'CW', estate.called('aws_ecs_service', 'aws_cloudwatch_log_group')],
      ['ECS', 'XRAY', estate.speaks('aws_iam_role_policy', /xray:PutTraceSegments/)],
      ['ALB', 'WAF', estate.called('aws_wafv2_web_acl', 'aws_lb')],
    ]),
  };
}
