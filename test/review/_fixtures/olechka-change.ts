import type { JsonObject } from '../../../terrace/base/json';
import type { ReviewSource, UnitSource } from '../../../terrace/review/model/build';

import { planOf, type MadeChange } from './plan-of';

const accounts: Readonly<Record<string, string>> = { dev: '123456789012', staging: '234567890123', production: '025066254478' };

function policy(statements: readonly JsonObject[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

function subnet(environment: string, region: string): readonly MadeChange[] {
  const zone = `${region}a`;
  const common = {
    availability_zone: zone,
    vpc_id: 'vpc-0f3a19c2d4e5b6a78',
    map_public_ip_on_launch: false,
    tags: { Name: `ai-tools-${environment}-private-a`, Tier: 'private' },
  };
  return [
    {
      address: 'aws_subnet.private_a',
      before: {
        ...common,
        id: 'subnet-0a1b2c3d4e5f60718',
        arn: 'arn:aws:ec2:…:subnet/subnet-0a1b2c3d4e5f60718',
        cidr_block: '10.0.1.0/24',
      },
      after: { ...common, cidr_block: '10.0.11.0/24' },
      unknown: ['id', 'arn'],
      replace: ['cidr_block'],
      reason: 'replace_because_cannot_update',
    },
    {
      address: 'aws_route_table_association.private_a',
      before: { id: 'rtbassoc-1', subnet_id: 'subnet-0a1b2c3d4e5f60718', route_table_id: 'rtb-07' },
      after: { route_table_id: 'rtb-07' },
      unknown: ['id', 'subnet_id'],
      replace: ['subnet_id'],
      reason: 'replace_because_cannot_update',
      refers: { subnet_id: ['aws_subnet.private_a.id'] },
    },
    {
      address: 'aws_vpc.main',
      before: { cidr_block: '10.0.0.0/16', tags: { Name: 'ai-tools' } },
      after: { cidr_block: '10.0.0.0/16', tags: { Name: 'ai-tools', Owner: 'platform' } },
    },
  ];
}

function service(environment: string, region: string): readonly MadeChange[] {
  const bucket = `arn:aws:s3:::ai-tools-artifacts-${environment}-${region}`;
  const read = { Sid: 'ReadArtifacts', Effect: 'Allow', Action: ['s3:GetObject'], Resource: `${bucket}/*` };
  const trace = { Sid: 'Trace', Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' };
  return [
    {
      address: 'aws_iam_role_policy.task',
      before: { id: 'ai-tools-api:task', name: 'task', role: `ai-tools-${environment}-api`, policy: policy([read, trace]) },
      after: {
        id: 'ai-tools-api:task',
        name: 'task',
        role: `ai-tools-${environment}-api`,
        policy: policy([
          { ...read, Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], Resource: ['arn:aws:s3:::ai-tools-*', `${bucket}/*`] },
          trace,
        ]),
      },
    },
    {
      address: 'aws_ecs_service.api',
      before: {
        name: 'api',
        desired_count: 2,
        task_definition: 'api:41',
        network_configuration: [{ assign_public_ip: false, subnets: ['subnet-0a1b2c3d4e5f60718', 'subnet-b', 'subnet-c'] }],
      },
      after: { name: 'api', desired_count: 2, task_definition: 'api:41', network_configuration: [{ assign_public_ip: false }] },
      unknown: ['network_configuration'],
      refers: { network_configuration: ['data.terraform_remote_state.network_vpc.outputs.private_subnet_ids'] },
    },
  ];
}

function alarm(environment: string): readonly MadeChange[] {
  const dashboard = (widgets: readonly JsonObject[]): string => JSON.stringify({ widgets });
  const latency = { type: 'metric', x: 0, y: 0, properties: { title: 'Latency', metrics: [['AWS/ApplicationELB', 'TargetResponseTime']] } };
  return [
    {
      address: 'aws_cloudwatch_metric_alarm.api_throttled',
      after: {
        alarm_name: `ai-tools-${environment}-api-throttled`,
        alarm_description: 'API answers 429 to more than 1 % of the requests',
        comparison_operator: 'GreaterThanThreshold',
        evaluation_periods: 3,
        threshold: 1,
        period: 60,
        treat_missing_data: 'notBreaching',
        actions_enabled: true,
      },
      unknown: ['id', 'arn', 'alarm_actions'],
      refers: { alarm_actions: ['aws_sns_topic.alarms.arn'] },
    },
    {
      address: 'aws_cloudwatch_dashboard.operations',
      before: { dashboard_name: 'operations', dashboard_body: dashboard([latency]) },
      after: {
        dashboard_name: 'operations',
        dashboard_body: dashboard([
          latency,
          { type: 'metric', x: 12, y: 0, properties: { title: 'Throttled', metrics: [['AI-Tools', 'Throttled']] } },
        ]),
      },
    },
  ];
}

function unit(
  environment: string,
  region: string,
  name: string,
  changes: readonly MadeChange[],
  more: Partial<UnitSource> = {},
  outputs: Parameters<typeof planOf>[0]['outputs'] = {},
): UnitSource {
  return {
    path: `olechka/${environment}/${region}/${name}`,
    account: accounts[environment] ?? '',
    plan: planOf({ changes, outputs }),
    ...more,
  };
}

const places = [
  ['dev', 'eu-central-1'],
  ['dev', 'ap-southeast-1'],
  ['staging', 'eu-central-1'],
] as const;

/** A replaced subnet, a widened policy and a new alarm in three regions, made by hand for tests that need no terraform. */
export const olechkaChange: ReviewSource = {
  bundle: {
    hash: '6f1c0d9b2a7e4f5813c6d0a9b8e7f6152433445566778899aabbccddeeff0011',
    commit: '4e5f6a7b8c9d0e1f2a3b4c5d6e7f8091a2b3c4d5',
    dirty: false,
    round: 1,
    createdAt: '2026-11-20T09:30:00Z',
    expiresAt: '2026-11-21T09:30:00Z',
    terraform: 'terraform 1.11.4',
  },
  units: places.flatMap(([environment, region]): readonly UnitSource[] => {
    const path = (name: string): string => `olechka/${environment}/${region}/${name}`;
    return [
      unit(
        environment,
        region,
        'network/vpc',
        subnet(environment, region),
        {},
        { private_subnet_ids: { before: ['subnet-0a1b2c3d4e5f60718', 'subnet-b', 'subnet-c'], unknown: true } },
      ),
      unit(environment, region, 'compute/ecs-service-api', service(environment, region), {
        after: [path('network/vpc')],
        reads: [{ unit: path('network/vpc'), outputs: ['private_subnet_ids'] }],
      }),
      unit(environment, region, 'monitoring/cloudwatch', alarm(environment), { after: [path('compute/ecs-service-api')] }),
    ];
  }),
  absent: [
    {
      path: 'olechka/dev/eu-central-1/storage/aurora',
      status: 'deferred',
      reason: 'private_subnet_ids of network/vpc is known only after apply',
      after: ['olechka/dev/eu-central-1/network/vpc'],
      reads: [{ unit: 'olechka/dev/eu-central-1/network/vpc', outputs: ['private_subnet_ids'] }],
    },
  ],
};
