import { EcsService } from '@cdktf/provider-aws/lib/ecs-service';
import { ServiceDiscoveryService } from '@cdktf/provider-aws/lib/service-discovery-service';
import { Construct } from 'constructs';

import { defined } from './defined';
import { capacityStrategy, type CapacityShare } from './ecs-cluster';
import { LogGroup } from './log-group';
import type { Statement } from './policy';
import { ServiceRole } from './service-role';
import { ServiceScaling } from './service-scaling';
import { FargateTask, type ContainerHealth, type TaskSize, type TracingSidecar } from './task-definition';

export interface FargateServiceProps {
  /** Name of the service; also the task family, and the prefix of nothing else. */
  readonly name: string;
  readonly container: string;
  readonly account: string;
  readonly region: string;
  readonly clusterArn: string;
  readonly clusterName: string;
  /** Namespace in which other services find this one. @default none: only the load balancer does */
  readonly namespaceId?: string;
  readonly image: string;
  /** ARN of the repository the image is pulled from. */
  readonly repositoryArn: string;
  readonly port: number;
  readonly size: TaskSize;
  readonly capacity: readonly CapacityShare[];
  readonly scaling: { readonly min: number; readonly max: number; readonly cpuTarget: number; readonly memoryTarget: number };
  readonly minHealthyPercent: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Variable → ARN of a whole secret. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly health: ContainerHealth;
  /** @default requests are not traced */
  readonly sidecar?: TracingSidecar;
  readonly logs: { readonly group: string; readonly retentionDays: number };
  /** Key of logs and secrets. */
  readonly kmsKeyArn: string;
  readonly subnetIds: string[];
  readonly securityGroupId: string;
  readonly targetGroupArn: string;
  /** Names of the two roles; unique in the account, at most 64 characters. */
  readonly roles: { readonly execution: string; readonly task: string };
  readonly permissionsBoundary?: string;
  /** An apply ends when the new tasks answer, and fails when they do not. @default false: it ends when AWS took the order */
  readonly waitForSteadyState?: boolean;
  /** What the application itself may do, beside sending traces where it is traced. */
  readonly taskStatements: readonly Statement[];
}

/**
 * A service on Fargate behind a target group: its log group, roles, task, circuit breaker with rollback, and scaling on CPU and memory.
 * The execution role reads exactly the given secrets and pulls exactly the given repository. The number of tasks belongs to the
 * scaling, so a change of it outside is no drift. It opens no ports: the security group is the caller's.
 */
export class FargateService extends Construct {
  readonly serviceName: string;
  readonly logGroupName: string;
  readonly taskRoleArn: string;
  readonly executionRoleArn: string;

  constructor(scope: Construct, id: string, props: FargateServiceProps) {
    super(scope, id);
    const boundary = defined({ permissionsBoundary: props.permissionsBoundary });
    const logs = new LogGroup(this, 'logs', {
      name: props.logs.group,
      retentionDays: props.logs.retentionDays,
      kmsKeyArn: props.kmsKeyArn,
    });
    const tasks = { account: props.account, services: ['ecs-tasks.amazonaws.com'], ...boundary };
    const execution = new ServiceRole(this, 'execution-role', {
      name: props.roles.execution,
      statements: executionStatements(props, logs),
      ...tasks,
    });
    const task = new ServiceRole(this, 'task-role', {
      name: props.roles.task,
      statements: [...(props.sidecar === undefined ? [] : [sendTraces]), ...props.taskStatements],
      ...tasks,
    });
    const { definition } = new FargateTask(this, 'task', {
      family: props.name,
      container: props.container,
      image: props.image,
      port: props.port,
      size: props.size,
      environment: props.environment,
      secrets: props.secrets,
      health: props.health,
      ...defined({ sidecar: props.sidecar }),
      logGroupName: logs.name,
      region: props.region,
      executionRoleArn: execution.arn,
      taskRoleArn: task.arn,
    });
    const service = this.addService(props, definition.arn, execution);
    new ServiceScaling(this, 'scaling', {
      clusterName: props.clusterName,
      serviceName: service.name,
      after: service,
      minTasks: props.scaling.min,
      maxTasks: props.scaling.max,
      cpuTarget: props.scaling.cpuTarget,
      memoryTarget: props.scaling.memoryTarget,
    });
    this.serviceName = service.name;
    this.logGroupName = logs.name;
    this.taskRoleArn = task.arn;
    this.executionRoleArn = execution.arn;
  }

  private addService(props: FargateServiceProps, taskDefinition: string, execution: ServiceRole): EcsService {
    const discovery =
      props.namespaceId === undefined
        ? undefined
        : new ServiceDiscoveryService(this, 'discovery', {
            name: props.container,
            dnsConfig: { namespaceId: props.namespaceId, routingPolicy: 'MULTIVALUE', dnsRecords: [{ type: 'A', ttl: 10 }] },
          });
    return new EcsService(this, 'service', {
      name: props.name,
      cluster: props.clusterArn,
      taskDefinition,
      desiredCount: props.scaling.min,
      capacityProviderStrategy: capacityStrategy(props.capacity),
      platformVersion: 'LATEST',
      deploymentMinimumHealthyPercent: props.minHealthyPercent,
      deploymentMaximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      healthCheckGracePeriodSeconds: 60,
      propagateTags: 'SERVICE',
      enableEcsManagedTags: true,
      networkConfiguration: { subnets: props.subnetIds, securityGroups: [props.securityGroupId], assignPublicIp: false },
      loadBalancer: [{ targetGroupArn: props.targetGroupArn, containerName: props.container, containerPort: props.port }],
      ...(discovery === undefined ? {} : { serviceRegistries: { registryArn: discovery.arn } }),
      ...(props.waitForSteadyState ? { waitForSteadyState: true } : {}),
      lifecycle: { ignoreChanges: ['desired_count'] },
      ...(execution.policy === undefined ? {} : { dependsOn: [execution.policy] }),
    });
  }
}

const sendTraces: Statement = {
  sid: 'SendTraces',
  // X-Ray has no resource-level permissions for these five actions.
  actions: [
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ],
  resources: ['*'],
};

function executionStatements(props: FargateServiceProps, logs: LogGroup): readonly Statement[] {
  const secrets = Object.values(props.secrets);
  return [
    { sid: 'WriteLogs', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [`${logs.arn}:*`] },
    {
      sid: 'PullImage',
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: [props.repositoryArn],
    },
    // ecr:GetAuthorizationToken has no resource-level permission.
    { sid: 'LogInToRegistry', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
    ...(secrets.length === 0
      ? []
      : [
          { sid: 'ReadSecrets', actions: ['secretsmanager:GetSecretValue'], resources: secrets },
          {
            sid: 'DecryptSecrets',
            actions: ['kms:Decrypt'],
            resources: [props.kmsKeyArn],
            conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${props.region}.amazonaws.com` } },
          },
        ]),
  ];
}
