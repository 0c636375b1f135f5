import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { CloudwatchLogMetricFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-metric-filter';
import { Construct } from 'constructs';

export interface LogGroupProps {
  /** Unique per account and region. */
  readonly name: string;
  readonly retentionDays: number;
  /** Key that encrypts the group; its policy must admit `logs.<region>.amazonaws.com`. */
  readonly kmsKeyArn: string;
}

/** A log group with a retention and a key of the customer's. */
export class LogGroup extends Construct {
  readonly group: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, props: LogGroupProps) {
    super(scope, id);
    this.group = new CloudwatchLogGroup(this, 'group', {
      name: props.name,
      retentionInDays: props.retentionDays,
      kmsKeyId: props.kmsKeyArn,
    });
  }

  get name(): string {
    return this.group.name;
  }

  get arn(): string {
    return this.group.arn;
  }
}

export interface LogMetricProps {
  readonly logGroupName: string;
  /** Filter pattern; a word in quotes matches lines that contain it. */
  readonly pattern: string;
  readonly namespace: string;
  readonly metric: string;
}

/** Counts the lines of a log group that match a pattern, as a custom metric; zero when none did. */
export class LogMetric extends Construct {
  constructor(scope: Construct, id: string, props: LogMetricProps) {
    super(scope, id);
    new CloudwatchLogMetricFilter(this, 'filter', {
      name: props.metric,
      logGroupName: props.logGroupName,
      pattern: props.pattern,
      metricTransformation: { name: props.metric, namespace: props.namespace, value: '1', defaultValue: '0', unit: 'Count' },
    });
  }
}
