import { at, binding, end, follow, lasting, resources, target, workersOf, type AstralerTree, type Json } from '../astraler-tree';
import { changed, gone, having, holds, same, sorted, type Requirement } from '../requirement';

/** A metric monitor of Sentry with the alert that follows it. */
function watched(tree: AstralerTree, environment: string, aggregate: RegExp) {
  const monitor = resources(tree, `${environment}/`, 'sentry_metric_monitor').find(({ body }) => aggregate.test(String(body['aggregate'])));
  const alert = resources(tree, `${environment}/`, 'sentry_alert').find(
    ({ unit, body }) => monitor !== undefined && follow(tree, unit, at(body, 'monitor_ids', 0))?.name === monitor.name,
  );
  return { monitor, alert };
}

/** Channels that an alert of Sentry goes to. */
const channels = (alert: { readonly body: Json } | undefined): readonly string[] =>
  (at<readonly object[]>(alert?.body, 'action_filters', 0, 'actions') ?? []).flatMap(Object.keys).sort();

function metricRequirement(tree: AstralerTree, aggregate: RegExp, threshold: number, expected: readonly string[]): readonly string[] {
  return lasting.flatMap((environment) => {
    const { monitor, alert } = watched(tree, environment, aggregate);
    return [
      ...same(
        `${environment}: threshold`,
        at<readonly Json[]>(monitor?.body, 'condition_group', 'conditions')?.map(({ type, comparison }) => [type, comparison]),
        [
          ['gt', threshold],
          ['lte', threshold],
        ],
      ),
      ...same(`${environment}: environment`, monitor?.body['environment'], environment),
      ...same(`${environment}: project`, end(tree, monitor?.unit ?? '', monitor?.body['project']), 'sentry_project.slug'),
      ...same(`${environment}: alert`, [alert?.body['enabled'] !== false, channels(alert)], [true, expected]),
    ];
  });
}

const monitorOf = (tree: AstralerTree, environment: string) => workersOf(tree, environment)['monitor'];

export const monitoringRequirements: Readonly<Record<string, Requirement>> = {
  'S-09': {
    title: 'Sentry raises a critical alert when more than 1 % of requests fail',
    check: (tree) => [
      ...metricRequirement(tree, /failure_rate/, 1, ['pagerduty', 'slack']),
      ...lasting.flatMap((environment) => {
        const pagerduty = resources(tree, `${environment}/`, 'sentry_integration_pagerduty')[0];
        const integration = target(tree, pagerduty?.unit ?? '', pagerduty?.body['integration_key']);
        return [
          ...same(
            `${environment}: PagerDuty`,
            end(tree, `${environment}/global/monitoring/errors`, integration?.['service']),
            'pagerduty_service.id',
          ),
          ...same(`${environment}: keys`, resources(tree, `${environment}/`, 'sentry_key').length, 1),
        ];
      }),
    ],
    mutations: [
      changed(
        'a threshold of 5 %',
        'production/',
        'sentry_metric_monitor',
        ['condition_group', 'conditions', 0, 'comparison'],
        5,
        having('aggregate', /failure/),
      ),
      gone('nobody is told', 'staging/', 'sentry_alert'),
      changed('an alert that is off', 'production/', 'sentry_alert', ['enabled'], false, having('name', /Error Rate/)),
      gone('no integration of PagerDuty', 'production/', 'pagerduty_service_integration'),
    ],
  },
  'S-10': {
    title: 'a p95 above 500 ms is told by Sentry, and by the monitor from the analytics of Cloudflare',
    check: (tree) => [
      ...metricRequirement(tree, /^p95\(/, 500, ['slack']),
      ...lasting.flatMap((environment) => {
        const monitor = monitorOf(tree, environment);
        const trigger = resources(tree, `${environment}/`, 'cloudflare_workers_cron_trigger')[0];
        return [
          ...same(`${environment}: threshold of the monitor`, binding(monitor, 'LATENCY_P95_THRESHOLD_MS')?.['text'], '500'),
          ...same(`${environment}: zone`, end(tree, monitor?.unit ?? '', binding(monitor, 'ZONE_ID')?.['text']), 'cloudflare_zone.id'),
          ...same(`${environment}: every five minutes`, at(trigger?.body, 'schedules', 0, 'cron'), '*/5 * * * *'),
          ...same(`${environment}: what runs`, follow(tree, trigger?.unit ?? '', trigger?.body['script_name'])?.name, monitor?.name),
        ];
      }),
    ],
    mutations: [
      changed(
        'a mean instead of p95',
        'production/',
        'sentry_metric_monitor',
        ['aggregate'],
        'avg(span.duration)',
        having('aggregate', /p95/),
      ),
      changed('a monitor that never runs', 'staging/', 'cloudflare_workers_cron_trigger', ['schedules'], []),
      {
        what: 'a threshold of a second',
        apply: (tree) => {
          const found = binding(monitorOf(tree, 'production'), 'LATENCY_P95_THRESHOLD_MS');
          if (found !== undefined) found['text'] = '1000';
        },
      },
    ],
  },
  'S-11': {
    title: 'the site is checked from outside against 99.5 %, and the monitor tells when the month falls below',
    check: (tree) =>
      lasting.flatMap((environment) => {
        const monitor = resources(tree, `${environment}/`, 'betteruptime_monitor')[0];
        const page = resources(tree, `${environment}/`, 'betteruptime_status_page_resource')[0];
        const policy = target(tree, monitor?.unit ?? '', monitor?.body['policy_id']);
        const worker = monitorOf(tree, environment);
        const host = environment === 'production' ? 'app.astraler.com' : 'staging.astraler.com';
        return [
          ...same(`${environment}: address`, monitor?.body['url'], `https://${host}/health`),
          ...holds(`${environment}: no target in the name`, String(monitor?.body['pronounceable_name']).includes('99.5')),
          ...same(
            `${environment}: who is told`,
            (at<readonly Json[]>(policy, 'steps', 0, 'step_members') ?? []).map(({ type }) => type),
            ['pagerduty_integration', 'all_slack_integrations'],
          ),
          ...holds(`${environment}: nothing on the status page`, /betteruptime_monitor\./.test(String(page?.body['resource_id']))),
          ...same(`${environment}: threshold of the monitor`, binding(worker, 'UPTIME_THRESHOLD')?.['text'], '99.5'),
          ...same(
            `${environment}: whose availability`,
            end(tree, worker?.unit ?? '', binding(worker, 'UPTIME_MONITOR_ID')?.['text']),
            'betteruptime_monitor.id',
          ),
          ...same(
            `${environment}: sign of life`,
            end(tree, worker?.unit ?? '', binding(worker, 'HEARTBEAT')?.['text']),
            'betteruptime_heartbeat.url',
          ),
        ];
      }),
    mutations: [
      changed('another site', 'production/', 'betteruptime_monitor', ['url'], 'https://staging.astraler.com/health'),
      changed('a lower target', 'staging/', 'betteruptime_monitor', ['pronounceable_name'], 'astraler (target 99 %)'),
      changed('nobody is told', 'production/', 'betteruptime_policy', ['steps', 0, 'step_members'], []),
      gone('an empty status page', 'staging/', 'betteruptime_status_page_resource'),
      gone('no heartbeat', 'production/', 'betteruptime_heartbeat'),
    ],
  },
  'S-12': {
    title: 'the monitor tells when connections exceed 80 % of the pool that the settings have',
    check: (tree) =>
      lasting.flatMap((environment) => {
        const settings = resources(tree, `${environment}/`, 'supabase_settings')[0];
        const pool = JSON.parse(String(settings?.body['pooler'] ?? '{}')).default_pool_size;
        const worker = monitorOf(tree, environment);
        const routes = JSON.parse(String(binding(worker, 'ALERT_ROUTES')?.['text'] ?? '{}'));
        return [
          ...same(`${environment}: threshold`, binding(worker, 'CONNECTION_THRESHOLD')?.['text'], String(0.8 * pool)),
          ...same(`${environment}: route`, routes.connections, ['slack']),
          ...same(
            `${environment}: key`,
            end(tree, worker?.unit ?? '', binding(worker, 'SUPABASE_METRICS_KEY')?.['text']),
            'supabase_apikey.api_key',
          ),
        ];
      }),
    mutations: [
      changed('a larger pool, and the threshold forgotten', 'production/', 'supabase_settings', ['pooler'], '{"default_pool_size":40}'),
      {
        what: 'an alert that ends nowhere',
        apply: (tree) => {
          const found = binding(monitorOf(tree, 'production'), 'ALERT_ROUTES');
          if (found !== undefined) found['text'] = JSON.stringify({ connections: [] });
        },
      },
    ],
  },
  'S-13': {
    title: 'logs are kept as long as the document says',
    check: (tree) =>
      lasting.flatMap((environment) => {
        const unit = `${environment}/global/monitoring/logs`;
        const [lifecycle] = resources(tree, unit, 'cloudflare_r2_bucket_lifecycle');
        const ages = (at<readonly Json[]>(lifecycle?.body, 'rules') ?? []).flatMap((rule) => {
          const age = at(rule, 'delete_objects_transition', 'condition', 'max_age');
          return age === undefined ? [] : [[rule['id'], rule['enabled'], at(rule, 'conditions', 'prefix'), age]];
        });
        const jobs = resources(tree, unit, 'cloudflare_logpush_job').map(({ body }) => [
          body['dataset'],
          body['enabled'],
          /^r2:\/\/\$\{[\w.-]+\}\/(\w+)\//.exec(String(body['destination_conf']))?.[1],
        ]);
        return [
          ...same(`${environment}: ages`, ages, [
            ['application-logs', true, 'application/', 604_800],
            ['access-logs', true, 'access/', 259_200],
          ]),
          ...same(`${environment}: jobs`, sorted(jobs), [
            ['http_requests', true, 'access'],
            ['workers_trace_events', true, 'application'],
          ]),
          ...same(
            `${environment}: errors`,
            at(tree.units[`${environment}/global/monitoring/errors`], 'output', 'error_retention_days', 'value'),
            90,
          ),
          ...holds(
            `${environment}: audit is not kept a year`,
            tree.files[`${environment}/artifacts/database/audit.sql`]?.includes("interval '365 days' limit") === true &&
              tree.files[`${environment}/artifacts/database/audit.sql`]?.includes("cron.schedule('audit-retention'") === true,
          ),
        ];
      }),
    mutations: [
      changed(
        'application logs for a day',
        'production/global/monitoring/logs',
        'cloudflare_r2_bucket_lifecycle',
        ['rules', 1, 'delete_objects_transition', 'condition', 'max_age'],
        86_400,
      ),
      changed('access logs for ever', 'staging/global/monitoring/logs', 'cloudflare_r2_bucket_lifecycle', ['rules', 2, 'enabled'], false),
      gone('no access logs', 'production/', 'cloudflare_logpush_job', having('dataset', 'http_requests')),
      {
        what: 'an audit without its job',
        apply: (tree) => {
          const file = 'staging/artifacts/database/audit.sql';
          tree.files[file] = (tree.files[file] ?? '').replace("cron.schedule('audit-retention'", 'cron.unschedule(');
        },
      },
    ],
  },
  'S-14': {
    title: 'alerts go where the document says: PagerDuty and Slack in 15 minutes, Slack, mail, dashboard',
    check: (tree) => [
      ...same('routes', at(tree.units['production/global/monitoring/alerting'], 'output', 'alert_routing', 'value'), {
        critical: { channels: ['pagerduty', 'slack'], response_minutes: 15 },
        high: { channels: ['slack'], response_minutes: 60 },
        low: { channels: ['dashboard'], response_minutes: 10_080 },
        medium: { channels: ['email'], response_minutes: 1440 },
      }),
      ...lasting.flatMap((environment) => {
        const [policy] = resources(tree, `${environment}/`, 'pagerduty_escalation_policy');
        const [service] = resources(tree, `${environment}/`, 'pagerduty_service');
        const [slack] = resources(tree, `${environment}/`, 'pagerduty_slack_connection');
        const mechanisms = resources(tree, `${environment}/`, 'cloudflare_notification_policy').map(({ body }) => {
          const severity = String(body['description']).split(':')[0] ?? '';
          return [severity, Object.keys(at<object>(body, 'mechanisms') ?? {}).join(), body['enabled']];
        });
        return [
          ...same(
            `${environment}: escalation`,
            (at<readonly Json[]>(policy?.body, 'rule') ?? []).map((rule) => rule['escalation_delay_in_minutes']),
            [15, 15],
          ),
          ...same(
            `${environment}: service`,
            end(tree, service?.unit ?? '', service?.body['escalation_policy']),
            'pagerduty_escalation_policy.id',
          ),
          ...same(`${environment}: critical in Slack`, end(tree, slack?.unit ?? '', slack?.body['source_id']), 'pagerduty_service.id'),
          ...same(`${environment}: notifications`, sorted(mechanisms), [
            ['high', 'webhooks', true],
            ['medium', 'email', true],
            ['medium', 'email', true],
          ]),
          ...same(`${environment}: dashboards`, resources(tree, `${environment}/`, 'sentry_dashboard').length, 1),
        ];
      }),
    ],
    mutations: [
      changed('half an hour', 'production/', 'pagerduty_escalation_policy', ['rule', 0, 'escalation_delay_in_minutes'], 30),
      gone('critical without Slack', 'staging/', 'pagerduty_slack_connection'),
      changed('medium to nobody', 'production/', 'cloudflare_notification_policy', ['mechanisms'], {}, having('description', /^medium/)),
      changed(
        'medium to Slack as well',
        'staging/',
        'cloudflare_notification_policy',
        ['mechanisms'],
        { email: [], webhooks: [] },
        having('description', /^medium/),
      ),
      gone('no dashboard', 'production/', 'sentry_dashboard'),
    ],
  },
};
