import { NotificationPolicyWebhooks } from '@cdktf/provider-cloudflare/lib/notification-policy-webhooks';
import type { NotificationPolicyMechanisms } from '@cdktf/provider-cloudflare/lib/notification-policy';
import { SlackConnection } from '@cdktf/provider-pagerduty/lib/slack-connection';
import { any, declareOutputs, text } from 'terrace';

import { Notifications } from '../../../../modules/cloudflare/notifications';
import { OnCall } from '../../../../modules/pagerduty/on-call';
import { AstralerUnit, type AstralerRegion } from '../../astraler-unit';
import { alerting, alertRouting, reaches, type Severity } from '../../topology/observability';

const outputs = declareOutputs({ pagerdutyServiceId: text('PABC123'), alertRouting: any(alertRouting()) });

/** What Cloudflare tells of its own accord. */
const cloudflareAlerts: readonly {
  readonly id: string;
  readonly alertType: string;
  readonly about: string;
  readonly severity: Severity;
}[] = [
  { id: 'ddos', alertType: 'dos_attack_l7', about: 'An attack on the zone is being blocked', severity: 'high' },
  {
    id: 'certificate',
    alertType: 'universal_ssl_event_type',
    about: 'A certificate of the zone was renewed, or its renewal failed',
    severity: 'medium',
  },
  { id: 'logpush', alertType: 'failing_logpush_job_disabled_alert', about: 'Logs are no longer delivered', severity: 'medium' },
];

/** Where alerts go: PagerDuty and Slack for what cannot wait, Slack within the hour, mail within the day. */
export class AlertingUnit extends AstralerUnit<typeof outputs> {
  constructor(region: AstralerRegion, id: string) {
    super(region, id, outputs);
    const accountId = this.useCloudflareAccount();
    this.usePagerduty();
    const { service } = new OnCall(this, 'critical', {
      name: this.prefix,
      description: `Critical alerts of astraler ${this.environment.environment}`,
      scheduleId: this.variable('pagerduty_schedule_id', { description: 'ID of the on-call schedule in PagerDuty' }).stringValue,
      fallbackUserId: this.variable('pagerduty_user_id', { description: 'ID of the PagerDuty user that unanswered alerts escalate to' })
        .stringValue,
      responseMinutes: alerting.critical.responseMinutes,
    });
    new SlackConnection(this, 'critical-in-slack', {
      sourceId: service.id,
      sourceType: 'service_reference',
      workspaceId: this.variable('slack_workspace_id', { description: 'ID of the Slack workspace' }).stringValue,
      channelId: this.variable('slack_channel_id', { description: 'ID of the Slack channel for alerts' }).stringValue,
      notificationType: 'responder',
      config: [
        {
          events: ['incident.triggered', 'incident.acknowledged', 'incident.escalated', 'incident.resolved'],
          priorities: ['*'],
        },
      ],
    });
    const slack = new NotificationPolicyWebhooks(this, 'slack', {
      accountId,
      name: `${this.prefix}-slack`,
      url: this.secret('slack_webhook_url', 'Incoming webhook URL of the Slack channel for alerts'),
    });
    const mechanisms = (severity: Severity): NotificationPolicyMechanisms => ({
      ...(reaches(severity, 'slack') ? { webhooks: [{ id: slack.id }] } : {}),
      ...(reaches(severity, 'email') ? { email: [{ id: this.root.alertMail }] } : {}),
    });
    new Notifications(this, 'notifications', {
      accountId,
      prefix: this.prefix,
      notifications: cloudflareAlerts.map(({ id, alertType, about, severity }) => ({
        id,
        alertType,
        description: `${severity}: ${about}`,
        mechanisms: mechanisms(severity),
      })),
    });
    this.outputs({ pagerdutyServiceId: service.id, alertRouting: alertRouting() });
  }
}
