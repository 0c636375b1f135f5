import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { Construct } from 'constructs';

/** One metric of one thing. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Average`, `Sum`, `p99`, … */
  readonly statistic: string;
}

/** A value computed from metrics: `expression` names them by their keys. */
export interface MetricMath {
  readonly expression: string;
  readonly label: string;
  readonly metrics: Readonly<Record<string, Metric>>;
}

export interface AlarmProps {
  /** Unique per account and region. */
  readonly name: string;
  readonly description: string;
  readonly source: Metric | MetricMath;
  /** The alarm goes off above it. */
  readonly threshold: number;
  /** How many periods in a row. */
  readonly periods: number;
  /** @default 60 */
  readonly periodSeconds?: number;
  /** Topics that hear of both the alarm and its end. */
  readonly topicArns: string[];
}

/** An alarm on a value above a threshold. No data is no alarm: a service without traffic has no error rate. */
export class Alarm extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: AlarmProps) {
    super(scope, id);
    const alarm = new CloudwatchMetricAlarm(this, 'alarm', {
      alarmName: props.name,
      alarmDescription: props.description,
      comparisonOperator: 'GreaterThanThreshold',
      threshold: props.threshold,
      evaluationPeriods: props.periods,
      datapointsToAlarm: props.periods,
      treatMissingData: 'notBreaching',
      alarmActions: props.topicArns,
      okActions: props.topicArns,
      ...('expression' in props.source
        ? mathSource(props.source, props.periodSeconds ?? 60)
        : plainSource(props.source, props.periodSeconds ?? 60)),
    });
    this.arn = alarm.arn;
  }
}

function plainSource(metric: Metric, period: number) {
  const statistic = metric.statistic.startsWith('p') ? { extendedStatistic: metric.statistic } : { statistic: metric.statistic };
  return { namespace: metric.namespace, metricName: metric.name, dimensions: { ...metric.dimensions }, period, ...statistic };
}

function mathSource(math: MetricMath, period: number) {
  return {
    metricQuery: [
      { id: 'result', expression: math.expression, label: math.label, returnData: true },
      ...Object.entries(math.metrics).map(([id, metric]) => ({
        id,
        returnData: false,
        metric: {
          namespace: metric.namespace,
          metricName: metric.name,
          dimensions: { ...metric.dimensions },
          period,
          stat: metric.statistic,
        },
      })),
    ],
  };
}
