import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { Construct } from 'constructs';

/** One line of a graph: namespace, metric, then dimension names and values in turn, and how to draw it. */
export type MetricLine = readonly (string | Readonly<Record<string, unknown>>)[];

/** What a widget shows; its place on the board follows from the order. */
export type Widget =
  | {
      readonly kind: 'metric';
      readonly title: string;
      readonly region: string;
      readonly lines: readonly MetricLine[];
      readonly statistic: string;
      readonly view?: 'timeSeries' | 'singleValue';
      readonly periodSeconds?: number;
    }
  | {
      readonly kind: 'log';
      readonly title: string;
      readonly region: string;
      readonly groups: readonly string[];
      readonly query: string;
      readonly view?: 'table' | 'timeSeries' | 'bar';
    }
  | { readonly kind: 'text'; readonly markdown: string }
  | { readonly kind: 'alarm'; readonly title: string; readonly alarmArns: readonly string[] };

export interface DashboardProps {
  /** Unique in the account, over all regions. */
  readonly name: string;
  readonly widgets: readonly Widget[];
}

/** A CloudWatch dashboard of widgets in two columns. */
export class Dashboard extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const board = new CloudwatchDashboard(this, 'dashboard', { dashboardName: props.name, dashboardBody: dashboardBody(props.widgets) });
    this.name = board.dashboardName;
  }
}

/** The JSON of a dashboard: widgets of 12 × 6 units, left to right, then down. */
export function dashboardBody(widgets: readonly Widget[]): string {
  return JSON.stringify({
    widgets: widgets.map((widget, index) => ({
      ...rendered(widget),
      x: (index % 2) * 12,
      y: Math.floor(index / 2) * 6,
      width: 12,
      height: 6,
    })),
  });
}

function rendered(widget: Widget): Record<string, unknown> {
  switch (widget.kind) {
    case 'metric':
      return {
        type: 'metric',
        properties: {
          title: widget.title,
          region: widget.region,
          view: widget.view ?? 'timeSeries',
          stat: widget.statistic,
          period: widget.periodSeconds ?? 60,
          metrics: widget.lines,
        },
      };
    case 'log':
      return {
        type: 'log',
        properties: {
          title: widget.title,
          region: widget.region,
          view: widget.view ?? 'table',
          query: `${widget.groups.map((group) => `SOURCE '${group}'`).join(' | ')} | ${widget.query}`,
        },
      };
    case 'text':
      return { type: 'text', properties: { markdown: widget.markdown } };
    case 'alarm':
      return { type: 'alarm', properties: { title: widget.title, alarms: widget.alarmArns } };
  }
}
