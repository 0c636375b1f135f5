import type { Metric } from '../../modules/aws/alarm';
import type { MetricLine, Widget } from '../../modules/aws/dashboard';
import { balancerMetric, databaseMetric, serviceMetric, targetMetric, type Watched } from './alarms';
import { productServices } from './topology/product';

/** Production at a glance: alarms, requests, services with Container Insights, database, cache, errors in the logs. */
export function dashboardOf(watched: Watched, alarmArns: readonly string[]): readonly Widget[] {
  const { region } = watched;
  const graph = (title: string, statistic: string, lines: readonly MetricLine[]): Widget => ({
    kind: 'metric',
    title,
    region,
    statistic,
    lines,
  });
  const perService = (name: string) => productServices.map((service) => line(serviceMetric(watched, service, name), service));
  return [
    { kind: 'alarm', title: 'Alarms', alarmArns },
    graph('Requests', 'Sum', [
      line(balancerMetric(watched, 'RequestCount', 'Sum'), 'requests'),
      line(balancerMetric(watched, 'HTTPCode_Target_5XX_Count', 'Sum'), '5xx of services'),
    ]),
    graph(
      'Healthy tasks',
      'Minimum',
      productServices.map((service) => line(targetMetric(watched, service, 'HealthyHostCount', 'Minimum'), service)),
    ),
    graph('CPU', 'Average', perService('CPUUtilization')),
    graph('Memory', 'Average', perService('MemoryUtilization')),
    graph(
      'Running tasks',
      'Average',
      productServices.map((service): MetricLine => [
        'ECS/ContainerInsights',
        'RunningTaskCount',
        'ClusterName',
        watched.clusterName,
        'ServiceName',
        watched.services[service].name,
        { label: service },
      ]),
    ),
    graph('Database', 'Average', [
      line(databaseMetric(watched, 'CPUUtilization'), 'CPU'),
      line(databaseMetric(watched, 'DatabaseConnections', 'Maximum'), 'connections'),
    ]),
    graph('Cache', 'Average', [
      ['AWS/ElastiCache', 'DatabaseMemoryUsagePercentage', 'ReplicationGroupId', watched.cache, { label: 'memory' }],
    ]),
    ...productServices.map((service): Widget => ({
      kind: 'log',
      title: `Errors of ${service}`,
      region,
      groups: [watched.services[service].logGroup],
      query: 'fields @timestamp, @message | filter @message like /ERROR/ | sort @timestamp desc | limit 50',
    })),
  ];
}

function line(metric: Metric, label: string): MetricLine {
  return [metric.namespace, metric.name, ...Object.entries(metric.dimensions).flat(), { stat: metric.statistic, label }];
}
