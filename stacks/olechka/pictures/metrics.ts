import type { Diagram, DiagramNode } from 'terrace/diagram';

import { env } from '../production/env';
import { serviceNames } from '../names';
import { arrowsOf, type Estate } from './estate';

const aws = { provider: 'aws' } as const;

/** From what says something to who reads it: logs, metrics and traces, alarms and dashboards. */
export function metricsPicture(estate: Estate): Diagram {
  const { cpu, errorRate, latencySeconds } = env.monitoring.thresholds;
  const logs = estate.has('aws_cloudwatch_log_group');
  const shows = (dashboard: string): boolean => estate.speaks('aws_cloudwatch_dashboard', new RegExp(dashboard));
  const traced = estate.has('aws_xray_sampling_rule') && estate.speaks('aws_iam_role_policy', /xray:PutTraceSegments/);
  return {
    title: 'Key Metrics and Monitoring',
    description:
      'Logs, metrics and traces of the services and of what they run on, the alarms over them, who is told, and who reads which dashboard.',
    direction: 'down',
    clusters: ['Metrics Collection', 'CloudWatch', 'X-Ray', 'Alerting', 'Dashboards'].map((title) => ({ id: title, title, kind: 'group' })),
    nodes: [
      { id: 'APP', title: 'Application Metrics', kind: 'container', parent: 'Metrics Collection' },
      { id: 'INFRA', title: 'Infrastructure Metrics', kind: 'server', parent: 'Metrics Collection' },
      { id: 'CUSTOM', title: 'Custom Metrics', kind: 'monitor', parent: 'Metrics Collection' },
      box(
        'LOGS',
        'Log Groups',
        'log',
        'CloudWatch',
        serviceNames.map((service) => `/ecs/ai-tools-${service}`),
      ),
      box('METRICS', 'Metrics', 'monitor', 'CloudWatch', ['CPU/Memory', 'Request rates', 'Error rates']),
      box('ALARMS', 'Alarms', 'alarm', 'CloudWatch', [`High CPU > ${cpu}%`, `Error rate > ${errorRate}%`, `Latency > ${latencySeconds}s`]),
      box('TRACE', 'Distributed Tracing', 'monitor', 'X-Ray', []),
      box('MAP', 'Service Map', 'network', 'X-Ray', []),
      box('PERF', 'Performance Analysis', 'monitor', 'X-Ray', []),
      box('SNS', 'SNS Topics', 'message', 'Alerting', []),
      { id: 'SLACK', title: 'Slack Notifications', kind: 'message', parent: 'Alerting' },
      { id: 'EMAIL', title: 'Email Alerts', kind: 'message', parent: 'Alerting' },
      box('EXEC', 'Executive Dashboard', 'monitor', 'Dashboards', ['Service health', 'Cost overview']),
      box('OPS', 'Operations Dashboard', 'monitor', 'Dashboards', ['Real-time metrics', 'Error tracking']),
      box('DEV', 'Developer Dashboard', 'monitor', 'Dashboards', ['API performance', 'Trace analysis']),
    ],
    edges: arrowsOf([
      ['APP', 'LOGS', estate.called('aws_ecs_service', 'aws_cloudwatch_log_group')],
      ['INFRA', 'METRICS', estate.speaks('aws_cloudwatch_metric_alarm', /AWS\/(RDS|ECS|ApplicationELB)/)],
      ['CUSTOM', 'METRICS', estate.has('aws_cloudwatch_log_metric_filter')],
      ['METRICS', 'ALARMS', estate.has('aws_cloudwatch_metric_alarm')],
      ['ALARMS', 'SNS', estate.used('aws_cloudwatch_metric_alarm', 'aws_sns_topic')],
      ['SNS', 'SLACK', estate.used('aws_chatbot_slack_channel_configuration', 'aws_sns_topic')],
      ['SNS', 'EMAIL', estate.used('aws_sns_topic_subscription', 'aws_sns_topic')],
      ['APP', 'TRACE', traced],
      ['TRACE', 'MAP', estate.has('aws_xray_group')],
      ['MAP', 'PERF', estate.has('aws_xray_group')],
      ['LOGS', 'OPS', logs && shows('operations')],
      ['METRICS', 'EXEC', shows('executive')],
      ['PERF', 'DEV', shows('developer')],
    ]),
  };
}

function box(id: string, title: string, kind: DiagramNode['kind'], parent: string, rows: readonly string[]): DiagramNode {
  return { id, title, kind, parent, ...aws, rows: rows.map((text) => ({ text })) };
}
