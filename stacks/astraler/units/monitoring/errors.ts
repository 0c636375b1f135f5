import { declareOutputs, number, text } from 'terrace';

import type { AlertActionFiltersActions } from '../../../../.gen/providers/sentry/alert';
import { Dashboard } from '../../../../.gen/providers/sentry/dashboard';
import { IntegrationPagerduty } from '../../../../.gen/providers/sentry/integration-pagerduty';
import { Key } from '../../../../.gen/providers/sentry/key';
import { Project } from '../../../../.gen/providers/sentry/project';
import { Team } from '../../../../.gen/providers/sentry/team';
import { EventsIntegration } from '../../../../modules/pagerduty/on-call';
import { MetricAlert } from '../../../../modules/sentry/metric-alert';
import { AstralerUnit, type AstralerRegion } from '../../astraler-unit';
import { logs, metrics, reaches, type Severity } from '../../topology/observability';
import { AlertingUnit } from './alerting';

const outputs = declareOutputs({ sentryProject: text('astraler-production'), errorRetentionDays: number(90) });

/** Values of the application that are watched in Sentry. Requests are spans of the transaction. */
const watched = {
  errorRate: { aggregate: 'failure_rate()', query: 'is_transaction:true' },
  responseTime: { aggregate: 'p95(span.duration)', query: 'is_transaction:true' },
} as const;

/** Errors and times of the application in Sentry: a project of the environment's own, its alerts, and a dashboard for what can wait. */
export class ErrorsUnit extends AstralerUnit<typeof outputs> {
  constructor(region: AstralerRegion, id: string) {
    super(region, id, outputs);
    this.useSentry();
    this.usePagerduty();
    const { pagerdutyServiceId } = this.dependency(region.unit(AlertingUnit));
    const { environment } = this.environment;
    const organization = this.root.sentryOrganization;
    const team = new Team(this, 'team', { organization, name: this.prefix, slug: this.prefix });
    const project = new Project(this, 'project', {
      organization,
      teams: [team.slug],
      name: this.prefix,
      slug: this.prefix,
      platform: 'javascript-cloudflare',
      defaultRules: false,
    });
    new Key(this, 'key', { organization, project: project.slug, name: 'workers' });
    const actions = this.#actions(organization, pagerdutyServiceId);
    const alert = (metric: keyof typeof watched, description: string): void => {
      const { title, threshold, unit, severity } = metrics[metric];
      new MetricAlert(this, `alert-${metric.toLowerCase()}`, {
        organization,
        project: project.slug,
        environment,
        name: `${severity}: ${title} above ${threshold} ${unit}`,
        description,
        ...watched[metric],
        threshold,
        actions: actions(severity),
      });
    };
    alert('errorRate', 'Requests that failed, in percent');
    alert('responseTime', '95th percentile of the response time, in milliseconds');
    this.#dashboard(organization);
    this.outputs({ sentryProject: project.slug, errorRetentionDays: logs.error.days });
  }

  /** What Sentry does about an alert of a severity. */
  #actions(organization: string, serviceId: string): (severity: Severity) => readonly AlertActionFiltersActions[] {
    const integrationId = (name: string): string =>
      this.variable(`sentry_${name}_integration_id`, { description: `ID of the ${name} integration of the Sentry organization` })
        .stringValue;
    const channelName = this.variable('slack_channel_name', {
      description: 'Name of the Slack channel for alerts, including the #',
    }).stringValue;
    const slack = { integrationId: integrationId('slack'), channelName };
    const pagerdutyIntegration = integrationId('pagerduty');
    const pagerduty = new IntegrationPagerduty(this, 'critical', {
      organization,
      integrationId: pagerdutyIntegration,
      service: this.prefix,
      integrationKey: new EventsIntegration(this, 'events', { serviceId, name: 'Sentry' }).key,
    });
    return (severity) => [
      ...(reaches(severity, 'pagerduty')
        ? [
            {
              pagerduty: {
                integrationId: pagerdutyIntegration,
                serviceId: pagerduty.id,
                serviceName: pagerduty.service,
                severity: 'critical',
              },
            },
          ]
        : []),
      ...(reaches(severity, 'slack') ? [{ slack }] : []),
    ];
  }

  /** What has a week's time is looked at here. */
  #dashboard(organization: string): void {
    new Dashboard(this, 'dashboard', {
      organization,
      title: `${this.prefix}: what can wait a week`,
      widget: Object.entries(watched).map(([metric, { aggregate, query }], index) => ({
        title: metrics[metric as keyof typeof watched].title,
        displayType: 'line',
        widgetType: 'spans',
        interval: '1h',
        layout: { x: index * 3, y: 0, w: 3, h: 2, minH: 2 },
        query: [
          {
            name: '',
            aggregates: [aggregate],
            fields: [aggregate],
            columns: [],
            conditions: `${query} environment:${this.environment.environment}`,
            orderBy: '',
          },
        ],
      })),
    });
  }
}
