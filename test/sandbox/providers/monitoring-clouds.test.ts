import { afterAll, expect, test } from '@jest/globals';

import { localProvider, type LocalProvider } from '../../_helpers/simulated-provider';
import { readOverlay } from '../../../terrace/sandbox/providers/overlay/read-overlay';
import { validateResource } from '../../../terrace/sandbox/providers/engine/validate';
import { fromJson } from '../../../terrace/sandbox/providers/protocol/json';
import { isObject, type ObjectValue } from '../../../terrace/sandbox/providers/protocol/value';
import { typeOfBlock } from '../../../terrace/sandbox/providers/schema/schema';

const made: LocalProvider[] = [];
afterAll(() => made.forEach((one) => one.remove()));

/** What a type refuses of a configuration, before anything is planned. */
function refusals(name: string, type: string, config: unknown): readonly string[] {
  const local = localProvider(name);
  made.push(local);
  const block = local.provider.context.schemas.resource(type)?.block;
  if (block === undefined) throw new Error(`no type ${type}`);
  return validateResource(block, readOverlay(name).resources[type], fromJson(config, typeOfBlock(block))).map(({ summary }) => summary);
}

const target = [{ id: 'P1', type: 'user_reference' }];
const rule = (minutes: number) => ({ name: 'a', rule: [{ escalation_delay_in_minutes: minutes, target }] });
const slack = { source_id: 'P', channel_id: 'C', workspace_id: 'T', config: [{ events: ['incident.triggered'] }] };
const site = { url: 'https://example.org' };
const page = { company_name: 'a', company_url: 'https://example.org', timezone: 'UTC', subdomain: 'a' };
const monitor = {
  organization: 'o',
  project: 'p',
  name: 'a',
  aggregate: 'count()',
  dataset: 'events_analytics_platform',
  event_types: ['trace_item_span'],
  issue_detection: { type: 'static' },
  condition_group: { conditions: [{ type: 'gt', comparison: 1, condition_result: 75 }], logic_type: 'any' },
};

test.each([
  ['pagerduty', 'pagerduty_escalation_policy', rule(15), rule(0), 'rule.escalation_delay_in_minutes to be at least (1), got 0'],
  [
    'pagerduty',
    'pagerduty_slack_connection',
    { ...slack, source_type: 'service_reference', notification_type: 'responder' },
    { ...slack, source_type: 'service_reference', notification_type: 'everybody' },
    'notification_type to be one of',
  ],
  [
    'pagerduty',
    'pagerduty_service',
    { name: 'a', escalation_policy: 'P', alert_creation: 'create_alerts_and_incidents' },
    { name: 'a', escalation_policy: 'P', alert_creation: 'create_alerts' },
    'alert_creation to be one of',
  ],
  [
    'betteruptime',
    'betteruptime_monitor',
    { ...site, monitor_type: 'status' },
    { ...site, monitor_type: 'http' },
    'monitor_type to be one of',
  ],
  ['betteruptime', 'betteruptime_status_page', { ...page, history: 90 }, { ...page, history: 30 }, 'history to be at least (90), got 30'],
  [
    'betteruptime',
    'betteruptime_policy',
    { name: 'a', steps: [{ type: 'escalation', wait_until_time: '09:00' }] },
    { name: 'a', steps: [{ type: 'escalation', wait_until_time: '9 am' }] },
    'use HH:MM format',
  ],
  ['sentry', 'sentry_metric_monitor', monitor, { ...monitor, dataset: 'spans_v2' }, 'dataset to be one of'],
  [
    'github',
    'github_repository_environment',
    { repository: 'a', environment: 'b', wait_timer: 43_200 },
    { repository: 'a', environment: 'b', wait_timer: 43_201 },
    'wait_timer to be in the range (0 - 43200), got 43201',
  ],
  [
    'github',
    'github_branch_protection',
    { repository_id: 'a', pattern: 'main', required_pull_request_reviews: [{ required_approving_review_count: 6 }] },
    { repository_id: 'a', pattern: 'main', required_pull_request_reviews: [{ required_approving_review_count: 7 }] },
    'required_approving_review_count to be in the range (0 - 6), got 7',
  ],
  [
    'supabase',
    'supabase_apikey',
    { project_ref: 'a', name: 'workers' },
    { project_ref: 'a', name: 'workers', description: 'service role' },
    'inconsistent result after apply',
  ],
] as const)('%s: %s takes what the provider takes, and refuses what it refuses', (name, type, good, bad, words) => {
  expect(refusals(name, type, good)).toEqual([]);
  expect(refusals(name, type, bad)).toEqual([expect.stringContaining(words)]);
});

test('a Redis database is made anew where its encryption is switched off, and changed in place where it is switched on', async () => {
  const type = 'upstash_redis_database';
  const local = localProvider('upstash');
  made.push(local);
  const block = local.provider.context.schemas.resource(type)?.block ?? {};
  const value = (config: unknown): ObjectValue => {
    const one = fromJson(config, typeOfBlock(block));
    return isObject(one) ? one : {};
  };
  const replaced = async (name: string, before: boolean, after: boolean) => {
    const config = { database_name: name, region: 'global', primary_region: 'ap-southeast-1', tls: before };
    const prior = await local.create(type, config);
    const next = { ...config, tls: after };
    return local.provider.plan(type, local.settings({}), value({ ...prior, ...next }), value(next), value(prior)).replace;
  };
  expect([await replaced('a', true, false), await replaced('b', false, true)]).toEqual([['tls'], []]);
});
