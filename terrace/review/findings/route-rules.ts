import type { ShownObject } from '../values/shown-value';

import { isWritten, valueAt, valuesAt, word } from './value-at';
import type { ChangeRule } from './rule';

/** Where each kind of alert says who hears of it. */
const receivers: Readonly<Record<string, readonly string[]>> = {
  sentry_alert: ['action_filters.actions'],
  cloudflare_notification_policy: ['mechanisms.email', 'mechanisms.webhooks', 'mechanisms.pagerduty'],
  betteruptime_policy: ['steps.step_members'],
  pagerduty_escalation_policy: ['rule.target'],
};

/** Connections whose end is the end of a channel. */
const connections: ReadonlySet<string> = new Set([
  'pagerduty_slack_connection',
  'pagerduty_service_integration',
  'sentry_integration_pagerduty',
  'betteruptime_pagerduty_integration',
  'cloudflare_notification_policy_webhooks',
]);

function heardBy(type: string, object: ShownObject | null): number {
  return (receivers[type] ?? []).reduce((sum, path) => sum + valuesAt(object, path).length, 0);
}

export const routeRules: readonly ChangeRule[] = [
  {
    scope: 'change',
    id: 'worker-route-gone',
    title: 'Requests no longer reach a Worker',
    severity: 'high',
    explain: 'Without a route, the origin answers, or an error if there is none. Check what answers instead.',
    *check(change) {
      const { type, action, before, after } = change;
      if (type === 'cloudflare_workers_custom_domain' && action === 'delete')
        yield { reason: `${word(valueAt(before, 'hostname'))} no longer leads to ${word(valueAt(before, 'service'))}` };
      if (type !== 'cloudflare_workers_route' || before === null) return;
      const [pattern, script] = [word(valueAt(before, 'pattern')), word(valueAt(before, 'script'))];
      if (action === 'delete') yield { reason: `the route ${pattern} to ${script} is removed` };
      if (!isWritten(change)) return;
      if (valueAt(after, 'pattern') !== valueAt(before, 'pattern'))
        yield { reason: `${pattern} → ${word(valueAt(after, 'pattern'))}: the old one has no route`, attribute: 'pattern' };
      else if (
        script !== '' &&
        (valueAt(after, 'script') === null || valueAt(after, 'script') === undefined || valueAt(after, 'script') === '')
      )
        yield { reason: `${pattern} bypasses every Worker`, attribute: 'script' };
    },
  },
  {
    scope: 'change',
    id: 'alert-ends-nowhere',
    title: 'An alert reaches nobody',
    severity: 'high',
    explain: 'It is still raised, but nobody is notified. Check the route that its severity requires.',
    *check(change) {
      const { type, action, before, after } = change;
      if (connections.has(type) && action === 'delete') yield { reason: `${type} is removed: alerts that used it reach nobody` };
      if (receivers[type] === undefined || !isWritten(change) || heardBy(type, after) > 0) return;
      yield {
        reason: before === null ? 'it is created with nobody to notify' : 'those who were notified are removed',
        attribute: receivers[type]?.[0]?.split('.')[0] ?? '',
      };
    },
  },
];
