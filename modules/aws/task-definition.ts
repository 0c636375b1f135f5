import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import { Construct } from 'constructs';

/** Units of CPU (1024 are one vCPU) and MiB of memory; Fargate takes only certain pairs. */
export interface TaskSize {
  readonly cpu: number;
  readonly memory: number;
}

export interface ContainerHealth {
  readonly command: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly startPeriodSeconds: number;
}

/** The X-Ray daemon beside the application. */
export interface TracingSidecar {
  readonly image: string;
  readonly cpu: number;
  readonly memory: number;
}

export interface TaskProps {
  readonly family: string;
  readonly container: string;
  readonly image: string;
  readonly port: number;
  readonly size: TaskSize;
  /** Values that anybody may read in the console: never a password, token or address with one. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variable → ARN of the secret (or of one JSON field of it) that ECS puts there. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly health: ContainerHealth;
  /** @default no X-Ray daemon: the task is the application alone */
  readonly sidecar?: TracingSidecar;
  readonly logGroupName: string;
  readonly region: string;
  readonly executionRoleArn: string;
  readonly taskRoleArn: string;
}

/**
 * A Fargate task of the application and, where it is traced, the X-Ray daemon, both logging to one group. The application's file system is
 * read-only but for `/tmp`; the daemon gets its share of the task's size, the application the rest.
 */
export class FargateTask extends Construct {
  readonly definition: EcsTaskDefinition;

  constructor(scope: Construct, id: string, props: TaskProps) {
    super(scope, id);
    this.definition = new EcsTaskDefinition(this, 'definition', {
      family: props.family,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: String(props.size.cpu),
      memory: String(props.size.memory),
      executionRoleArn: props.executionRoleArn,
      taskRoleArn: props.taskRoleArn,
      runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: 'X86_64' },
      volume: [{ name: 'tmp' }],
      containerDefinitions: containerDefinitions(props),
    });
  }
}

/** The JSON of the task's containers. Raises an error when the sidecar leaves nothing to the application. */
export function containerDefinitions(props: TaskProps): string {
  const { sidecar } = props;
  const cpu = props.size.cpu - (sidecar?.cpu ?? 0);
  const memory = props.size.memory - (sidecar?.memory ?? 0);
  if (sidecar !== undefined && (cpu <= 0 || memory <= 0))
    throw new Error(
      `task ${props.family}: ${props.size.cpu} CPU and ${props.size.memory} MiB leave nothing beside the X-Ray daemon's ${sidecar.cpu} and ${sidecar.memory}`,
    );
  const application = {
    name: props.container,
    image: props.image,
    essential: true,
    cpu,
    memory,
    readonlyRootFilesystem: true,
    portMappings: [{ containerPort: props.port, hostPort: props.port, protocol: 'tcp' }],
    environment: Object.entries(props.environment).map(([name, value]) => ({ name, value })),
    secrets: Object.entries(props.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
    mountPoints: [{ sourceVolume: 'tmp', containerPath: '/tmp', readOnly: false }],
    healthCheck: {
      command: ['CMD-SHELL', props.health.command],
      interval: props.health.intervalSeconds,
      timeout: props.health.timeoutSeconds,
      retries: props.health.retries,
      startPeriod: props.health.startPeriodSeconds,
    },
    ...(sidecar === undefined ? {} : { dependsOn: [{ containerName: 'xray-daemon', condition: 'START' }] }),
    logConfiguration: logConfiguration(props, props.container),
  };
  if (sidecar === undefined) return JSON.stringify([application]);
  const daemon = {
    name: 'xray-daemon',
    image: sidecar.image,
    essential: false,
    cpu: sidecar.cpu,
    memory: sidecar.memory,
    readonlyRootFilesystem: true,
    portMappings: [{ containerPort: 2000, hostPort: 2000, protocol: 'udp' }],
    logConfiguration: logConfiguration(props, 'xray'),
  };
  return JSON.stringify([application, daemon]);
}

function logConfiguration(props: TaskProps, prefix: string): unknown {
  return {
    logDriver: 'awslogs',
    options: { 'awslogs-group': props.logGroupName, 'awslogs-region': props.region, 'awslogs-stream-prefix': prefix },
  };
}
