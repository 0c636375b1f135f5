import type { Metric } from '../../modules/aws/alarm';
import type { ServiceName } from './names';

/** The things of a region that are watched, by the names their metrics carry. */
export interface Watched {
  readonly region: string;
  readonly metricNamespace: string;
  readonly clusterName: string;
  /** `app/<name>/<id>` */
  readonly loadBalancer: string;
  readonly services: Readonly<Record<ServiceName, { readonly name: string; readonly logGroup: string; readonly targetGroup: string }>>;
  readonly databaseCluster: string;
  readonly cacheGroup: string;
  readonly traceGroup: string;
  /** Region of the primary whose data this one follows. @default it follows none */
  readonly follows?: string;
}

export function serviceMetric(
  watched: Watched,
  service: ServiceName,
  name: 'CPUUtilization' | 'MemoryUtilization',
  statistic = 'Average',
): Metric {
  return {
    namespace: 'AWS/ECS',
    name,
    dimensions: { ClusterName: watched.clusterName, ServiceName: watched.services[service].name },
    statistic,
  };
}

export function loadBalancerMetric(watched: Watched, name: string, statistic: string): Metric {
  return { namespace: 'AWS/ApplicationELB', name, dimensions: { LoadBalancer: watched.loadBalancer }, statistic };
}

export function targetMetric(watched: Watched, service: ServiceName, name: string, statistic: string): Metric {
  return {
    namespace: 'AWS/ApplicationELB',
    name,
    dimensions: { LoadBalancer: watched.loadBalancer, TargetGroup: watched.services[service].targetGroup },
    statistic,
  };
}

export function databaseMetric(watched: Watched, name: string, statistic = 'Average'): Metric {
  return { namespace: 'AWS/RDS', name, dimensions: { DBClusterIdentifier: watched.databaseCluster }, statistic };
}
