import { maxConnections, monitoring } from '../../envcommon/monitoring';
import type { Metric, MetricMath } from '../../modules/aws/alarm';
import { databaseMetric, loadBalancerMetric, serviceMetric, type Watched } from './metrics';
import { serviceNames } from './names';
import type { OlechkaEnvironmentValues } from './values';

export interface AlarmRule {
  readonly description: string;
  readonly source: Metric | MetricMath;
  readonly threshold: number;
}

/** Data may be lost for at most 15 minutes when the primary region is (RPO); in milliseconds, as the metric is. */
const recoveryPointMilliseconds = 15 * 60 * 1000;

/** The alarms of a region by name. */
export function alarmsOf(watched: Watched, values: OlechkaEnvironmentValues): Readonly<Record<string, AlarmRule>> {
  const { thresholds } = monitoring(values.monitoring);
  return {
    ...Object.fromEntries(
      serviceNames.flatMap((service) => [
        [
          `${service}-cpu`,
          { description: `CPU of ${service}`, source: serviceMetric(watched, service, 'CPUUtilization'), threshold: thresholds.cpu },
        ],
        [
          `${service}-memory`,
          {
            description: `Memory of ${service}`,
            source: serviceMetric(watched, service, 'MemoryUtilization'),
            threshold: thresholds.memory,
          },
        ],
      ]),
    ),
    'error-rate': {
      description: 'Requests answered with a 5xx status, in percent',
      source: errorRate(watched),
      threshold: thresholds.errorRate,
    },
    'latency-p99': {
      description: '99th percentile of the response time, in seconds',
      source: loadBalancerMetric(watched, 'TargetResponseTime', 'p99'),
      threshold: thresholds.latencySeconds,
    },
    'latency-average': {
      description: 'Average response time, in seconds',
      source: loadBalancerMetric(watched, 'TargetResponseTime', 'Average'),
      threshold: thresholds.latencySeconds,
    },
    'database-cpu': {
      description: 'CPU of the database',
      source: databaseMetric(watched, 'CPUUtilization'),
      threshold: thresholds.databaseCpu,
    },
    'database-connections': {
      description: 'Database connections in use, in percent of the maximum',
      source: {
        expression: `100 * connections / ${maxConnections(values.database.instanceClass)}`,
        label: 'connections in use',
        metrics: { connections: databaseMetric(watched, 'DatabaseConnections', 'Maximum') },
      },
      threshold: thresholds.databaseConnections,
    },
    ...(watched.follows === undefined
      ? {}
      : {
          'database-lag': {
            description: `Replication lag behind the database in ${watched.follows}, in milliseconds`,
            source: databaseMetric(watched, 'AuroraGlobalDBReplicationLag', 'Maximum'),
            threshold: recoveryPointMilliseconds,
          },
        }),
  };
}

/** 100 × 5xx / requests, of the services and of the load balancer itself. */
function errorRate(watched: Watched): MetricMath {
  return {
    expression: '100 * (FILL(target5xx, 0) + FILL(balancer5xx, 0)) / requests',
    label: 'error rate',
    metrics: {
      target5xx: loadBalancerMetric(watched, 'HTTPCode_Target_5XX_Count', 'Sum'),
      balancer5xx: loadBalancerMetric(watched, 'HTTPCode_ELB_5XX_Count', 'Sum'),
      requests: loadBalancerMetric(watched, 'RequestCount', 'Sum'),
    },
  };
}
