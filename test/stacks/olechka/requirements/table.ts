import { places, type Json, type SynthesizedTree } from '../tree';
import { requirement, sameSet } from './requirement';

/** The values of the document and its background, by environment. */
const table = {
  dev: {
    cpu: '512',
    memory: '1024',
    tasks: [1, 5],
    targets: [75, 80],
    healthy: 50,
    instance: 'db.t3.medium',
    insights: undefined,
    interval: 60,
  },
  staging: {
    cpu: '1024',
    memory: '2048',
    tasks: [2, 10],
    targets: [75, 80],
    healthy: 50,
    instance: 'db.r6g.large',
    insights: 7,
    interval: 60,
  },
  production: {
    cpu: '2048',
    memory: '4096',
    tasks: [3, 20],
    targets: [70, 75],
    healthy: 100,
    instance: 'db.r6g.xlarge',
    insights: 731,
    interval: 30,
  },
} as const;
const kept = {
  dev: { node: 'cache.t3.micro', expire: 365, deregistration: 10, logs: false, flowLogs: 30, recovery: 7, snapshot: undefined },
  staging: { node: 'cache.t3.micro', expire: 365, deregistration: 10, logs: false, flowLogs: 30, recovery: 7, snapshot: undefined },
  production: {
    node: 'cache.r6g.xlarge',
    expire: 2555,
    deregistration: 300,
    logs: true,
    flowLogs: 90,
    recovery: 30,
    snapshot: 'ai-tools-production-final',
  },
} as const;

const attrsOf = (tree: SynthesizedTree, unit: string, type: string): readonly Json[] =>
  tree.resources(type, unit).map(({ attrs }) => attrs);

/** The sizes, counts and times of the table, and what the alarms measure: beside O-06 to O-08 and O-28. */
export const values = [
  requirement('O-06/table', 'tasks have the size, the number and the targets of the table', (tree, demand) => {
    for (const { environment, region } of places)
      for (const name of ['api', 'worker']) {
        const unit = `${environment}/${region}/compute/ecs-service-${name}`;
        const wanted = table[environment];
        const service = tree.one(unit, 'aws_ecs_service').attrs;
        const task = tree.follow(unit, service.task_definition)?.attrs;
        const target = tree.one(unit, 'aws_appautoscaling_target');
        const policies = tree.resources('aws_appautoscaling_policy', unit);
        const found = [
          task?.cpu,
          task?.memory,
          target.attrs.min_capacity,
          target.attrs.max_capacity,
          service.deployment_minimum_healthy_percent,
        ];
        demand(
          JSON.stringify(found) === JSON.stringify([wanted.cpu, wanted.memory, ...wanted.tasks, wanted.healthy]),
          `${unit}: ${found.join()}`,
        );
        demand(
          sameSet(
            policies.map(({ attrs }) => attrs.target_tracking_scaling_policy_configuration.target_value),
            wanted.targets,
          ) && policies.every(({ attrs }) => tree.follow(unit, attrs.resource_id)?.name === target.name),
          `${unit}: scales at ${policies.map(({ attrs }) => `${attrs.resource_id}`).join()}`,
        );
        const [application, daemon] = JSON.parse(task?.container_definitions ?? '[]');
        demand(
          JSON.stringify([daemon?.cpu, daemon?.memory]) === '[32,256]' &&
            JSON.stringify([application?.healthCheck?.interval, application?.healthCheck?.timeout, application?.healthCheck?.retries]) ===
              '[30,5,3]',
          `${unit}: containers`,
        );
      }
  }),
  requirement('O-07/table', 'databases, caches, buckets and the load balancer have the values of the table', (tree, demand) => {
    for (const { environment, region } of places) {
      const base = `${environment}/${region}`;
      const wanted = { ...table[environment], ...kept[environment] };
      for (const one of attrsOf(tree, `${base}/storage/aurora`, 'aws_rds_cluster_instance')) {
        const found = [
          one.instance_class,
          one.performance_insights_enabled ? one.performance_insights_retention_period : undefined,
          one.monitoring_interval,
        ];
        demand(sameSet(found, [wanted.instance, wanted.insights, wanted.interval]), `${base}: ${one.identifier} ${found.join()}`);
        demand(
          one.performance_insights_enabled !== true ||
            tree.follow(`${base}/storage/aurora`, one.performance_insights_kms_key_id)?.unit === `${base}/security/kms`,
          `${base}: key of the insights of ${one.identifier}`,
        );
      }
      const [cache] = attrsOf(tree, `${base}/storage/elasticache`, 'aws_elasticache_replication_group');
      demand(
        cache.node_type === wanted.node && cache.final_snapshot_identifier === wanted.snapshot && cache.snapshot_retention_limit >= 1,
        `${base}: cache ${cache.node_type}, snapshot ${cache.final_snapshot_identifier}`,
      );
      const ages = attrsOf(tree, `${base}/storage/s3-artifacts`, 'aws_s3_bucket_lifecycle_configuration').map(
        (one) => one.rule[0].expiration?.[0].days,
      );
      demand(ages.includes(wanted.expire), `${base}: artifacts expire after ${ages.join()}`);
      for (const one of attrsOf(tree, `${base}/network/alb`, 'aws_lb_target_group')) {
        const { interval, timeout, healthy_threshold: healthy, unhealthy_threshold: unhealthy, matcher } = one.health_check;
        demand(
          Number(one.deregistration_delay) === wanted.deregistration &&
            JSON.stringify([interval, timeout, healthy, unhealthy, matcher]) === '[30,5,2,2,"200"]',
          `${base}: target group ${one.name}`,
        );
      }
      demand((attrsOf(tree, `${base}/network/alb`, 'aws_lb')[0].access_logs?.enabled === true) === wanted.logs, `${base}: access logs`);
      demand(
        sameSet(
          attrsOf(tree, `${base}/network/vpc`, 'aws_cloudwatch_log_group').map((one) => one.retention_in_days),
          [wanted.flowLogs],
        ),
        `${base}: flow logs`,
      );
      for (const one of attrsOf(tree, `${base}/security/secrets`, 'aws_secretsmanager_secret'))
        demand(one.recovery_window_in_days === wanted.recovery, `${base}: ${one.name} recoverable for ${one.recovery_window_in_days} days`);
    }
  }),
  requirement(
    'O-28/measures',
    'each alarm is on, and measures what its name says, of the service and database of its region',
    (tree, demand) => {
      for (const { environment, region } of places) {
        const base = `${environment}/${region}`;
        const unit = `${base}/monitoring/cloudwatch`;
        for (const { attrs } of tree.resources('aws_cloudwatch_metric_alarm', unit)) {
          const name = String(attrs.alarm_name).replace(`ai-tools-${environment}-`, '');
          demand(attrs.actions_enabled !== false, `${base}: ${name} is silenced`);
          const measured: readonly Json[] =
            attrs.metric_query === undefined
              ? [attrs]
              : attrs.metric_query
                  .filter((one: Json) => one.metric !== undefined)
                  .map(({ metric }: Json) => ({ ...metric, statistic: metric.stat }));
          for (const { dimensions } of measured)
            for (const [dimension, type, where] of [
              ['ClusterName', 'aws_ecs_cluster', 'compute/ecs-cluster'],
              ['ServiceName', 'aws_ecs_service', `compute/ecs-service-${name.split('-')[0]}`],
              ['DBClusterIdentifier', 'aws_rds_cluster', 'storage/aurora'],
              ['LoadBalancer', 'aws_lb', 'network/alb'],
            ] as const) {
              if (dimensions?.[dimension] === undefined) continue;
              const of = tree.follow(unit, dimensions[dimension]);
              demand(of?.type === type && of.unit === `${base}/${where}`, `${base}: ${name} of ${dimensions[dimension]}`);
            }
          const text = measured.map((one) => `${one.metric_name} ${one.statistic ?? one.extended_statistic}`).join(', ');
          demand(text === metrics[name], `${base}: ${name} measures ${text}`);
        }
      }
    },
  ),
];

const metrics: Readonly<Record<string, string>> = {
  'api-cpu': 'CPUUtilization Average',
  'worker-cpu': 'CPUUtilization Average',
  'api-memory': 'MemoryUtilization Average',
  'worker-memory': 'MemoryUtilization Average',
  'database-cpu': 'CPUUtilization Average',
  'database-connections': 'DatabaseConnections Maximum',
  'database-lag': 'AuroraGlobalDBReplicationLag Maximum',
  'error-rate': 'HTTPCode_Target_5XX_Count Sum, HTTPCode_ELB_5XX_Count Sum, RequestCount Sum',
  'latency-p99': 'TargetResponseTime p99',
  'latency-average': 'TargetResponseTime Average',
};
