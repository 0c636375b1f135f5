import { maxConnections, monitoring } from '../../envcommon/monitoring';
import type { Metric, MetricMath } from '../../modules/aws/alarm';
import { productServices, type ProductService } from './topology/product';
import type { ProdValues } from './values';

/** What is watched in production, by the names that its metrics carry. */
export interface Watched {
  readonly region: string;
  readonly clusterName: string;
  /** `app/<name>/<id>` */
  readonly loadBalancer: string;
  readonly services: Readonly<Record<ProductService, { readonly name: string; readonly logGroup: string; readonly targetGroup: string }>>;
  readonly database: string;
  readonly cache: string;
}

export interface AlarmRule {
  readonly description: string;
  readonly source: Metric | MetricMath;
  readonly threshold: number;
}

export function serviceMetric(watched: Watched, service: ProductService, name: string): Metric {
  const dimensions = { ClusterName: watched.clusterName, ServiceName: watched.services[service].name };
  return { namespace: 'AWS/ECS', name, dimensions, statistic: 'Average' };
}

export function balancerMetric(watched: Watched, name: string, statistic: string): Metric {
  return { namespace: 'AWS/ApplicationELB', name, dimensions: { LoadBalancer: watched.loadBalancer }, statistic };
}

export function targetMetric(watched: Watched, service: ProductService, name: string, statistic: string): Metric {
  const dimensions = { LoadBalancer: watched.loadBalancer, TargetGroup: watched.services[service].targetGroup };
  return { namespace: 'AWS/ApplicationELB', name, dimensions, statistic };
}

export function databaseMetric(watched: Watched, name: string, statistic = 'Average'): Metric {
  return { namespace: 'AWS/RDS', name, dimensions: { DBInstanceIdentifier: watched.database }, statistic };
}

/** Production's alarms by name. */
export function alarmsOf(watched: Watched, values: ProdValues): Readonly<Record<string, AlarmRule>> {
  const { thresholds } = monitoring(values.monitoring);
  const connections = maxConnections(values.database.instanceClass);
  return {
    ...Object.fromEntries(
      productServices.flatMap((service) => [
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
        [
          `${service}-unhealthy`,
          {
            description: `Unhealthy tasks of ${service}`,
            source: targetMetric(watched, service, 'UnHealthyHostCount', 'Maximum'),
            threshold: 0,
          },
        ],
      ]),
    ),
    'error-rate': {
      description: 'Requests answered with a 5xx status, in percent',
      source: errorRate(watched),
      threshold: thresholds.errorRate,
    },
    latency: {
      description: '99th percentile of the response time, in seconds',
      source: balancerMetric(watched, 'TargetResponseTime', 'p99'),
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
        expression: `100 * connections / ${connections}`,
        label: 'connections in use',
        metrics: { connections: databaseMetric(watched, 'DatabaseConnections', 'Maximum') },
      },
      threshold: thresholds.databaseConnections,
    },
  };
}

/** 100 × 5xx / requests, of the services and of the load balancer itself. */
function errorRate(watched: Watched): MetricMath {
  return {
    expression: '100 * (FILL(target5xx, 0) + FILL(balancer5xx, 0)) / requests',
    label: 'error rate',
    metrics: {
      target5xx: balancerMetric(watched, 'HTTPCode_Target_5XX_Count', 'Sum'),
      balancer5xx: balancerMetric(watched, 'HTTPCode_ELB_5XX_Count', 'Sum'),
      requests: balancerMetric(watched, 'RequestCount', 'Sum'),
    },
  };
}
