import { listOf, places, statementsOf, type Json, type SynthesizedTree } from '../tree';
import { requirement, sameSet } from './requirement';

const names = ['api', 'worker'] as const;

/** Containers of a service's task, followed from the service. */
export function containersOf(tree: SynthesizedTree, unit: string): readonly Json[] {
  const task = tree.follow(unit, tree.one(unit, 'aws_ecs_service').attrs.task_definition);
  return task === undefined ? [] : JSON.parse(task.attrs.container_definitions);
}

/** The statements of the role that a service's task names. */
function roleStatements(
  tree: SynthesizedTree,
  unit: string,
  field: 'execution_role_arn' | 'task_role_arn',
): Readonly<Record<string, Json>> {
  const task = tree.follow(unit, tree.one(unit, 'aws_ecs_service').attrs.task_definition);
  const role = tree.follow(unit, task?.attrs[field]);
  const policy = tree.resources('aws_iam_role_policy', unit).find((one) => tree.follow(unit, one.attrs.role)?.name === role?.name);
  return statementsOf(policy?.attrs.policy);
}

/** Services and what they take: O-06, O-14, O-16, O-26. */
export const compute = [
  requirement('O-06', 'each region runs api and worker on Fargate in its cluster, scaled, from their repositories', (tree, demand) => {
    for (const { environment, region } of places) {
      const base = `${environment}/${region}`;
      demand(tree.one(`${base}/compute/ecs-cluster`, 'aws_ecs_cluster').attrs.name === `ai-tools-${environment}`, `${base}: cluster`);
      demand(tree.resources('aws_ecs_service', base).length === 2, `${base}: ${tree.resources('aws_ecs_service', base).length} services`);
      demand(
        tree.follow(
          `${base}/compute/ecs-cluster`,
          tree.one(`${base}/compute/ecs-cluster`, 'aws_service_discovery_private_dns_namespace').attrs.vpc,
        )?.unit === `${base}/network/vpc`,
        `${base}: namespace`,
      );
      for (const name of names) {
        const unit = `${base}/compute/ecs-service-${name}`;
        const service = tree.one(unit, 'aws_ecs_service');
        demand(service.attrs.name?.includes(name), `${unit}: called ${service.attrs.name}`);
        demand(
          tree.follow(unit, service.attrs.cluster)?.unit === `${base}/compute/ecs-cluster`,
          `${unit}: cluster ${service.attrs.cluster}`,
        );
        const task = tree.follow(unit, service.attrs.task_definition);
        demand(sameSet(task?.attrs.requires_compatibilities ?? [], ['FARGATE']), `${unit}: not on Fargate`);
        const [image] = tree.referencesIn(unit, containersOf(tree, unit)[0]?.image ?? '');
        demand(
          image?.type === 'aws_ecr_repository' && image.unit === `${base}/compute/ecr` && image.attrs.name === `ai-tools-${name}`,
          `${unit}: image of ${image?.attrs.name}`,
        );
        const target = tree.one(unit, 'aws_appautoscaling_target');
        demand(
          tree.referencesIn(unit, target.attrs.resource_id ?? '').some((one) => one.name === service.name),
          `${unit}: scaling of another service`,
        );
        const tracked = tree
          .resources('aws_appautoscaling_policy', unit)
          .map((one) => one.attrs.target_tracking_scaling_policy_configuration.predefined_metric_specification.predefined_metric_type);
        demand(
          sameSet(tracked, ['ECSServiceAverageCPUUtilization', 'ECSServiceAverageMemoryUtilization']),
          `${unit}: scales on ${tracked.join()}`,
        );
        demand(service.attrs.deployment_circuit_breaker?.rollback === true, `${unit}: no rollback`);
      }
    }
  }),
  requirement(
    'O-14',
    "tasks take their secrets by ARN, and the execution role reads exactly those, through the endpoint in the services' network",
    (tree, demand) => {
      for (const { environment, region } of places) {
        const base = `${environment}/${region}`;
        const endpoint = tree
          .resources('aws_vpc_endpoint', `${base}/network/endpoints`)
          .find((one) => one.attrs.service_name === `com.amazonaws.${region}.secretsmanager`);
        demand(
          tree.follow(`${base}/network/endpoints`, endpoint?.attrs.vpc_id)?.unit === `${base}/network/vpc` &&
            endpoint?.attrs.private_dns_enabled === true,
          `${base}: endpoint of Secrets Manager`,
        );
        for (const name of names) {
          const unit = `${base}/compute/ecs-service-${name}`;
          const [application] = containersOf(tree, unit);
          const secrets: readonly { readonly name: string; readonly valueFrom: string }[] = application?.secrets ?? [];
          const found = Object.fromEntries(secrets.map((one) => [one.name, tree.follow(unit, one.valueFrom)]));
          for (const [variable, secret] of [
            ['DATABASE_URL', 'database-url'],
            ['API_KEY', 'api-key'],
            ['JWT_SECRET', 'jwt-secret'],
            ['ENCRYPTION_KEY', 'encryption-key'],
          ] as const)
            demand(
              found[variable]?.unit === `${base}/security/secrets` &&
                found[variable]?.attrs.name === `ai-tools-${environment}-${secret}` &&
                found[variable]?.attribute === 'arn',
              `${unit}: ${variable} comes from ${found[variable]?.attrs.name}`,
            );
          const readable = listOf(roleStatements(tree, unit, 'execution_role_arn')['ReadSecrets']?.Resource);
          demand(
            sameSet(
              readable,
              secrets.map((one) => one.valueFrom),
            ),
            `${unit}: the execution role reads ${readable.join()}`,
          );
          const open: readonly { readonly name: string }[] = application?.environment ?? [];
          demand(!open.some((one) => /password|secret|token|_key$|database_url/i.test(one.name)), `${unit}: a secret in the environment`);
        }
      }
    },
  ),
  requirement('O-16', 'tasks log to their groups and send traces through their sidecar', (tree, demand) => {
    for (const { environment, region } of places) {
      for (const name of names) {
        const unit = `${environment}/${region}/compute/ecs-service-${name}`;
        const containers = containersOf(tree, unit);
        demand(
          containers.length === 2 &&
            containers.every(
              (one) =>
                one.logConfiguration.logDriver === 'awslogs' &&
                tree.follow(unit, one.logConfiguration.options['awslogs-group'])?.attrs.name === `/ecs/ai-tools-${name}`,
            ),
          `${unit}: logs`,
        );
        const daemon = containers.find((one) => one.name.includes('xray'));
        demand(daemon?.portMappings[0].containerPort === 2000 && daemon.portMappings[0].protocol === 'udp', `${unit}: X-Ray daemon`);
        const traces = listOf(roleStatements(tree, unit, 'task_role_arn')['SendTraces']?.Action);
        demand(
          traces.includes('xray:PutTraceSegments') && traces.includes('xray:PutTelemetryRecords'),
          `${unit}: the task role cannot send traces`,
        );
      }
    }
  }),
  requirement('O-26', 'the log groups of api and worker have the names of the document, a retention and the key', (tree, demand) => {
    for (const { environment, region } of places) {
      const days = environment === 'production' ? 90 : 30;
      for (const name of names) {
        const unit = `${environment}/${region}/compute/ecs-service-${name}`;
        const groups = tree.resources('aws_cloudwatch_log_group', unit);
        demand(
          sameSet(
            groups.map((one) => one.attrs.name),
            [`/ecs/ai-tools-${name}`],
          ),
          `${unit}: groups ${groups.map((one) => one.attrs.name).join()}`,
        );
        demand(
          groups.every(
            (one) =>
              one.attrs.retention_in_days === days &&
              tree.follow(unit, one.attrs.kms_key_id)?.unit === `${environment}/${region}/security/kms`,
          ),
          `${unit}: retention or key`,
        );
      }
    }
  }),
];
