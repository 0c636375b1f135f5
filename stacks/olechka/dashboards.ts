import type { Metric } from '../../modules/aws/alarm';
import type { MetricLine, Widget } from '../../modules/aws/dashboard';
import { databaseMetric, loadBalancerMetric, serviceMetric, targetMetric, type Watched } from './metrics';
import { serviceNames } from './names';

/** The three dashboards of a region by name: for those who pay, those who operate, those who write the code. */
export function dashboardsOf(
  watched: Watched,
  alarmArns: readonly string[],
): Readonly<Record<'executive' | 'operations' | 'developer', readonly Widget[]>> {
  return { executive: executive(watched, alarmArns), operations: operations(watched), developer: developer(watched) };
}

/** Service health and cost. */
function executive(watched: Watched, alarmArns: readonly string[]): readonly Widget[] {
  const { region } = watched;
  return [
    { kind: 'alarm', title: 'Service health', alarmArns },
    {
      kind: 'metric',
      title: 'Requests',
      region,
      statistic: 'Sum',
      view: 'singleValue',
      periodSeconds: 3600,
      lines: [line(loadBalancerMetric(watched, 'RequestCount', 'Sum'), 'requests per hour')],
    },
    {
      kind: 'metric',
      title: 'Healthy targets',
      region,
      statistic: 'Minimum',
      lines: serviceNames.map((service) => line(targetMetric(watched, service, 'HealthyHostCount', 'Minimum'), service)),
    },
    // Billing metrics exist in us-east-1 only, once billing alerts are switched on in the account.
    {
      kind: 'metric',
      title: 'Cost overview',
      region: 'us-east-1',
      statistic: 'Maximum',
      view: 'singleValue',
      periodSeconds: 21_600,
      lines: [['AWS/Billing', 'EstimatedCharges', 'Currency', 'USD']],
    },
  ];
}

/** What happens now, and what goes wrong. */
function operations(watched: Watched): readonly Widget[] {
  const { region, services } = watched;
  return [
    {
      kind: 'metric',
      title: 'CPU',
      region,
      statistic: 'Average',
      lines: [
        ...serviceNames.map((service) => line(serviceMetric(watched, service, 'CPUUtilization'), service)),
        line(databaseMetric(watched, 'CPUUtilization'), 'database'),
      ],
    },
    {
      kind: 'metric',
      title: 'Memory',
      region,
      statistic: 'Average',
      lines: serviceNames.map((service) => line(serviceMetric(watched, service, 'MemoryUtilization'), service)),
    },
    {
      kind: 'metric',
      title: 'Requests',
      region,
      statistic: 'Sum',
      lines: [
        line(loadBalancerMetric(watched, 'RequestCount', 'Sum'), 'requests'),
        line(loadBalancerMetric(watched, 'HTTPCode_Target_5XX_Count', 'Sum'), '5xx of services'),
        line(loadBalancerMetric(watched, 'HTTPCode_ELB_5XX_Count', 'Sum'), '5xx of load balancer'),
      ],
    },
    {
      kind: 'metric',
      title: 'Errors and warnings in logs',
      region,
      statistic: 'Sum',
      lines: ['ApiErrorCount', 'WorkerErrorCount', 'ApiWarningCount', 'WorkerWarningCount'].map((metric) => [
        watched.metricNamespace,
        metric,
      ]),
    },
    ...serviceNames.map((service): Widget => ({
      kind: 'log',
      title: `Errors of ${service}`,
      region,
      groups: [services[service].logGroup],
      query: 'fields @timestamp, @message | filter @message like /ERROR/ | sort @timestamp desc | limit 50',
    })),
    {
      kind: 'log',
      title: 'Lines per minute',
      region,
      groups: serviceNames.map((service) => services[service].logGroup),
      query: 'stats count(*) by bin(1m)',
      view: 'timeSeries',
    },
    {
      kind: 'metric',
      title: 'Database connections',
      region,
      statistic: 'Maximum',
      lines: [line(databaseMetric(watched, 'DatabaseConnections', 'Maximum'), 'connections')],
    },
  ];
}

/** How fast the api answers, and where the time goes. */
function developer(watched: Watched): readonly Widget[] {
  const { region } = watched;
  const percentiles = ['p50', 'p90', 'p99'];
  const traces = (metric: string): MetricLine => ['AWS/X-Ray', metric, 'GroupName', watched.traceGroup];
  return [
    {
      kind: 'metric',
      title: 'API response time',
      region,
      statistic: 'p99',
      lines: percentiles.map((statistic) => line(targetMetric(watched, 'api', 'TargetResponseTime', statistic), statistic)),
    },
    {
      kind: 'metric',
      title: 'Requests by service',
      region,
      statistic: 'Sum',
      lines: serviceNames.map((service) => line(targetMetric(watched, service, 'RequestCount', 'Sum'), service)),
    },
    {
      kind: 'metric',
      title: 'Traces',
      region,
      statistic: 'Average',
      lines: [traces('ApproximateTraceCount'), traces('ErrorRate'), traces('FaultRate')],
    },
    {
      kind: 'text',
      markdown: `## Trace analysis\n[Service map](https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#xray:service-map/map) and [traces](https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#xray:traces/query) of X-Ray group \`${watched.traceGroup}\``,
    },
    {
      kind: 'log',
      title: 'Slowest requests',
      region,
      groups: [watched.services.api.logGroup],
      query: 'filter ispresent(duration) | sort duration desc | limit 20',
    },
    {
      kind: 'metric',
      title: 'Database latency',
      region,
      statistic: 'Average',
      lines: [line(databaseMetric(watched, 'ReadLatency'), 'read'), line(databaseMetric(watched, 'WriteLatency'), 'write')],
    },
  ];
}

function line(metric: Metric, label: string): MetricLine {
  return [metric.namespace, metric.name, ...Object.entries(metric.dimensions).flat(), { stat: metric.statistic, label }];
}
