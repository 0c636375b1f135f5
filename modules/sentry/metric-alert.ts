import { Construct } from 'constructs';

import { Alert, type AlertActionFiltersActions } from '../../.gen/providers/sentry/alert';
import { MetricMonitor } from '../../.gen/providers/sentry/metric-monitor';

export interface MetricAlertOptions {
  readonly organization: string;
  /** Slug of the project. */
  readonly project: string;
  /** Value of Sentry's `environment`. */
  readonly environment: string;
  readonly name: string;
  readonly description: string;
  /** Sentry's function, `p95(span.duration)`. */
  readonly aggregate: string;
  readonly query: string;
  /** The monitor opens an issue above it, and closes it at or below. */
  readonly threshold: number;
  /** @default 300 */
  readonly windowSeconds?: number;
  /** Who hears of it; at least one. */
  readonly actions: readonly AlertActionFiltersActions[];
}

/** Sentry's priority of an open issue, and of a closed one. */
const priority = { high: 75, resolved: 0 };

/** Minutes between two messages about the same issue. */
const repeatMinutes = 60;

/** A measured value with a threshold, and where the news of it goes. */
export class MetricAlert extends Construct {
  readonly monitor: MetricMonitor;
  readonly alert: Alert;

  constructor(scope: Construct, id: string, options: MetricAlertOptions) {
    super(scope, id);
    const { organization, project, environment, threshold } = options;
    this.monitor = new MetricMonitor(this, 'monitor', {
      organization,
      project,
      environment,
      name: options.name,
      description: options.description,
      dataset: 'events_analytics_platform',
      eventTypes: ['trace_item_span'],
      aggregate: options.aggregate,
      query: options.query,
      timeWindowSeconds: options.windowSeconds ?? 300,
      issueDetection: { type: 'static' },
      conditionGroup: {
        logicType: 'any',
        conditions: [
          { type: 'gt', comparison: threshold, conditionResult: priority.high },
          { type: 'lte', comparison: threshold, conditionResult: priority.resolved },
        ],
      },
    });
    this.alert = new Alert(this, 'alert', {
      organization,
      environment,
      name: options.name,
      monitorIds: [this.monitor.id],
      frequencyMinutes: repeatMinutes,
      triggerConditions: [{ firstSeenEvent: {} }, { reappearedEvent: {} }, { regressionEvent: {} }],
      actionFilters: [{ logicType: 'any-short', actions: [...options.actions] }],
    });
  }
}
