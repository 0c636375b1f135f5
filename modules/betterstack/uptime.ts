import { Token } from 'cdktf';
import { Construct } from 'constructs';

import { BetteruptimeMonitor } from '../../.gen/providers/betteruptime/betteruptime-monitor';
import { BetteruptimePagerdutyIntegration } from '../../.gen/providers/betteruptime/betteruptime-pagerduty-integration';
import { BetteruptimePolicy } from '../../.gen/providers/betteruptime/betteruptime-policy';
import { BetteruptimeStatusPage } from '../../.gen/providers/betteruptime/betteruptime-status-page';
import { BetteruptimeStatusPageResource } from '../../.gen/providers/betteruptime/betteruptime-status-page-resource';

export interface UptimeOptions {
  readonly name: string;
  readonly hostname: string;
  /** Path that answers 200 while all is well. @default '/health' */
  readonly healthPath?: string;
  /** Per cent of time; stands in the monitor's name, because Better Stack has no field for it. */
  readonly target: number;
  /** Subdomain of the public page at betteruptime.com; unique in the world. */
  readonly statusPage: string;
  /** Key of a PagerDuty service's integration. */
  readonly pagerdutyKey: string;
}

/** A minute between two checks, three regions that agree, and three minutes of quiet before it counts as over. */
const timing = { checkSeconds: 60, confirmSeconds: 60, recoverSeconds: 180, timeoutSeconds: 15 };

/** A site checked from outside, with who is told, and a public page that says how it was. */
export class Uptime extends Construct {
  readonly monitor: BetteruptimeMonitor;

  constructor(scope: Construct, id: string, options: UptimeOptions) {
    super(scope, id);
    const { name, hostname, target, statusPage, pagerdutyKey } = options;
    const pagerduty = new BetteruptimePagerdutyIntegration(this, 'pagerduty', { name, key: pagerdutyKey, severity: 'critical' });
    const policy = new BetteruptimePolicy(this, 'policy', {
      name,
      repeatCount: 3,
      repeatDelay: 300,
      steps: [
        {
          type: 'escalation',
          waitBefore: 0,
          stepMembers: [{ type: 'pagerduty_integration', id: Token.asNumber(pagerduty.id) }, { type: 'all_slack_integrations' }],
        },
      ],
    });
    this.monitor = new BetteruptimeMonitor(this, 'monitor', {
      monitorType: 'status',
      url: `https://${hostname}${options.healthPath ?? '/health'}`,
      pronounceableName: `${name} (target ${target} %)`,
      policyId: policy.id,
      checkFrequency: timing.checkSeconds,
      confirmationPeriod: timing.confirmSeconds,
      recoveryPeriod: timing.recoverSeconds,
      requestTimeout: timing.timeoutSeconds,
      verifySsl: true,
      sslExpiration: 14,
      domainExpiration: 30,
      // The policy says who is told.
      call: false,
      sms: false,
      email: false,
      push: false,
    });
    const page = new BetteruptimeStatusPage(this, 'page', {
      companyName: name,
      companyUrl: `https://${hostname}`,
      subdomain: statusPage,
      timezone: 'UTC',
      history: 90,
      announcement: '',
    });
    new BetteruptimeStatusPageResource(this, 'page-entry', {
      statusPageId: page.id,
      resourceId: Token.asNumber(this.monitor.id),
      resourceType: 'Monitor',
      publicName: `${hostname} (target ${target} %)`,
      history: true,
      widgetType: 'history',
    });
  }
}
