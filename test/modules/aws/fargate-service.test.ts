import { expect, test } from '@jest/globals';

import { FargateCluster } from '../../../modules/aws/ecs-cluster';
import { ContainerRepository, RegistryReplication } from '../../../modules/aws/container-repository';
import { FargateService, type FargateServiceProps } from '../../../modules/aws/fargate-service';
import { statements, synthesized } from './synthesized';

const props: FargateServiceProps = {
  name: 'x-api',
  container: 'api',
  account: '123456789012',
  region: 'eu-central-1',
  clusterArn: 'arn:cluster',
  clusterName: 'x',
  namespaceId: 'ns-1',
  image: 'registry/x-api:1.0.0',
  repositoryArn: 'arn:repository',
  port: 8080,
  size: { cpu: 512, memory: 1024 },
  capacity: [
    { provider: 'FARGATE', weight: 1, base: 1 },
    { provider: 'FARGATE_SPOT', weight: 4 },
  ],
  scaling: { min: 1, max: 5, cpuTarget: 75, memoryTarget: 80 },
  minHealthyPercent: 50,
  environment: { PORT: '8080' },
  secrets: { DATABASE_URL: 'arn:secret:url' },
  health: { command: 'curl localhost', intervalSeconds: 30, timeoutSeconds: 5, retries: 3, startPeriodSeconds: 60 },
  sidecar: { image: 'xray:1', cpu: 32, memory: 256 },
  logs: { group: '/ecs/x-api', retentionDays: 30 },
  kmsKeyArn: 'arn:key',
  subnetIds: ['subnet-1'],
  securityGroupId: 'sg-1',
  targetGroupArn: 'arn:target',
  roles: { execution: 'x-execution', task: 'x-task' },
  permissionsBoundary: 'arn:boundary',
  taskStatements: [{ sid: 'Objects', actions: ['s3:GetObject'], resources: ['arn:aws:s3:::b/*'] }],
};

const service = (change: Partial<FargateServiceProps> = {}) =>
  synthesized((stack) => void new FargateService(stack, 's', { ...props, ...change }));

const containers = (change: Partial<FargateServiceProps> = {}): readonly Record<string, unknown>[] =>
  JSON.parse(service(change).one('aws_ecs_task_definition')['container_definitions']);

test('the application takes its secrets from ARNs and logs to the group of the service', () => {
  const [application] = containers();
  const group = service().ref('aws_cloudwatch_log_group', 'name');
  expect(application).toMatchObject({
    name: 'api',
    image: 'registry/x-api:1.0.0',
    essential: true,
    cpu: 480,
    memory: 768,
    readonlyRootFilesystem: true,
    portMappings: [{ containerPort: 8080 }],
    environment: [{ name: 'PORT', value: '8080' }],
    secrets: [{ name: 'DATABASE_URL', valueFrom: 'arn:secret:url' }],
    healthCheck: { command: ['CMD-SHELL', 'curl localhost'], interval: 30, timeout: 5, retries: 3, startPeriod: 60 },
    logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': group, 'awslogs-region': 'eu-central-1' } },
  });
});

test('the X-Ray daemon listens on 2000/udp beside it, and the two share the size of the task', () => {
  const [, daemon] = containers();
  expect(daemon).toMatchObject({
    name: 'xray-daemon',
    image: 'xray:1',
    cpu: 32,
    memory: 256,
    portMappings: [{ containerPort: 2000, protocol: 'udp' }],
  });
  expect(service().one('aws_ecs_task_definition')).toMatchObject({
    cpu: '512',
    memory: '1024',
    network_mode: 'awsvpc',
    requires_compatibilities: ['FARGATE'],
  });
  expect(() => service({ size: { cpu: 32, memory: 512 } })).toThrow(
    "task x-api: 32 CPU and 512 MiB leave nothing beside the X-Ray daemon's 32 and 256",
  );
});

test('the service rolls back by itself, spreads over capacity as told, and leaves its number of tasks to the scaling', () => {
  const { one, ref } = service();
  expect(one('aws_ecs_service')).toMatchObject({
    name: 'x-api',
    cluster: 'arn:cluster',
    task_definition: ref('aws_ecs_task_definition', 'arn'),
    deployment_circuit_breaker: { enable: true, rollback: true },
    deployment_minimum_healthy_percent: 50,
    capacity_provider_strategy: [
      { capacity_provider: 'FARGATE', weight: 1, base: 1 },
      { capacity_provider: 'FARGATE_SPOT', weight: 4, base: 0 },
    ],
    network_configuration: { subnets: ['subnet-1'], security_groups: ['sg-1'], assign_public_ip: false },
    load_balancer: [{ target_group_arn: 'arn:target', container_name: 'api', container_port: 8080 }],
    lifecycle: { ignore_changes: ['desired_count'] },
  });
});

test('the scaling keeps CPU and memory near their targets between the bounds', () => {
  const { one, list, ref } = service();
  expect(one('aws_appautoscaling_target')).toMatchObject({
    min_capacity: 1,
    max_capacity: 5,
    resource_id: `service/x/${ref('aws_ecs_service', 'name')}`,
  });
  const targets = Object.fromEntries(
    list('aws_appautoscaling_policy').map((policy) => [
      policy['target_tracking_scaling_policy_configuration'].predefined_metric_specification.predefined_metric_type,
      policy['target_tracking_scaling_policy_configuration'].target_value,
    ]),
  );
  expect(targets).toEqual({ ECSServiceAverageCPUUtilization: 75, ECSServiceAverageMemoryUtilization: 80 });
});

test('the execution role reads exactly the given secrets and the task role only what it is given beside tracing', () => {
  const { all } = service();
  const policy = (name: string) => statements(Object.entries(all('aws_iam_role_policy')).find(([id]) => id.includes(name))?.[1]['policy']);
  const execution = policy('execution-role');
  expect(execution['ReadSecrets']).toMatchObject({ Action: 'secretsmanager:GetSecretValue', Resource: 'arn:secret:url' });
  expect(execution['PullImage']).toMatchObject({ Resource: 'arn:repository' });
  expect(execution['DecryptSecrets']).toMatchObject({
    Action: 'kms:Decrypt',
    Resource: 'arn:key',
    Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-central-1.amazonaws.com' } },
  });
  const task = policy('task-role');
  expect(Object.keys(task)).toEqual(['SendTraces', 'Objects']);
  expect(task['SendTraces']?.['Action']).toEqual(expect.arrayContaining(['xray:PutTraceSegments', 'xray:PutTelemetryRecords']));
  expect(Object.values(all('aws_iam_role')).map((role) => role['permissions_boundary'])).toEqual(['arn:boundary', 'arn:boundary']);
});

test('a service without secrets gets no right to read any', () => {
  const { all } = service({ secrets: {} });
  const execution = Object.entries(all('aws_iam_role_policy')).find(([id]) => id.includes('execution-role'))?.[1]['policy'];
  expect(Object.keys(statements(execution))).toEqual(['WriteLogs', 'PullImage', 'LogInToRegistry']);
});

test('a cluster has insights, its capacity providers and a private namespace', () => {
  const { one, ref } = synthesized(
    (stack) =>
      void new FargateCluster(stack, 'c', { name: 'x', capacity: props.capacity, discovery: { vpcId: 'vpc-1', namespace: 'x.internal' } }),
  );
  expect(one('aws_ecs_cluster')['setting']).toEqual([{ name: 'containerInsights', value: 'enabled' }]);
  expect(one('aws_ecs_cluster_capacity_providers')).toMatchObject({
    cluster_name: ref('aws_ecs_cluster', 'name'),
    capacity_providers: ['FARGATE', 'FARGATE_SPOT'],
  });
  expect(one('aws_service_discovery_private_dns_namespace')).toMatchObject({ name: 'x.internal', vpc: 'vpc-1' });
});

test('a repository refuses to move tags, scans, encrypts, and keeps a number of images', () => {
  const { one, ref } = synthesized(
    (stack) => void new ContainerRepository(stack, 'r', { name: 'x-api', kmsKeyArn: 'arn:key', keepImages: 30 }),
  );
  expect(one('aws_ecr_repository')).toMatchObject({
    image_tag_mutability: 'IMMUTABLE',
    image_scanning_configuration: { scan_on_push: true },
    encryption_configuration: [{ encryption_type: 'KMS', kms_key: 'arn:key' }],
  });
  expect(one('aws_ecr_lifecycle_policy')['repository']).toBe(ref('aws_ecr_repository', 'name'));
  expect(JSON.parse(one('aws_ecr_lifecycle_policy')['policy']).rules.map((rule: { selection: unknown }) => rule.selection)).toEqual([
    { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
    { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 30 },
  ]);
});

test('registry replication copies repositories with the prefix to one region of the same account', () => {
  const { one } = synthesized(
    (stack) => void new RegistryReplication(stack, 'r', { account: '123456789012', region: 'ap-southeast-1', prefix: 'x' }),
  );
  expect(one('aws_ecr_replication_configuration')['replication_configuration'].rule).toEqual([
    {
      destination: [{ region: 'ap-southeast-1', registry_id: '123456789012' }],
      repository_filter: [{ filter: 'x', filter_type: 'PREFIX_MATCH' }],
    },
  ]);
});
