import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

import monitor from '../../../../stacks/astraler/workers/monitor';
import type { MonitorEnvironment } from '../../../../stacks/astraler/workers/monitor-environment';
import { alertRouting, metrics } from '../../../../stacks/astraler/topology/observability';

/** What the services that the monitor asks would say. */
interface World {
  readonly connections?: readonly number[];
  readonly latency?: number;
  readonly requests?: number;
  readonly availability?: number;
  /** Hosts that answer 500. */
  readonly broken?: readonly string[];
}

interface Sent {
  readonly host: string;
  readonly body: unknown;
}

const memory = new Map<string, string>();
let sent: Sent[] = [];

const environment: MonitorEnvironment = {
  MEMORY: { get: async (key) => memory.get(key) ?? null, put: async (key, value) => void memory.set(key, value) },
  ENVIRONMENT: 'production',
  HOSTNAME: 'app.astraler.com',
  ZONE_ID: 'zone',
  SUPABASE_URL: 'https://project.supabase.co',
  UPTIME_MONITOR_ID: '7',
  CONNECTION_THRESHOLD: '16',
  LATENCY_P95_THRESHOLD_MS: '500',
  UPTIME_THRESHOLD: '99.5',
  REQUEST_RATE_THRESHOLD: '40',
  ALERT_ROUTES: JSON.stringify({
    connections: alertRouting()[metrics.databaseConnections.severity].channels,
    latency: alertRouting()[metrics.responseTime.severity].channels,
    requests: ['slack'],
    uptime: alertRouting()[metrics.uptime.severity].channels,
  }),
  SUPABASE_METRICS_KEY: 'key',
  CLOUDFLARE_ANALYTICS_TOKEN: 'analytics',
  BETTER_STACK_TOKEN: 'stack',
  PAGERDUTY_ROUTING_KEY: 'routing',
  SLACK_WEBHOOK: 'https://hooks.slack.com/services/x',
  HEARTBEAT: 'https://uptime.betterstack.com/api/v1/heartbeat/x',
};

function answer(world: World, url: URL): unknown {
  if (url.pathname.endsWith('/metrics'))
    return [
      '# HELP',
      ...(world.connections ?? [3, 4]).map((count, index) => `pg_stat_database_num_backends{datname="d${index}"} ${count}`),
    ].join('\n');
  if (url.pathname.endsWith('/graphql'))
    return {
      data: {
        viewer: {
          zones: [
            {
              httpRequestsAdaptiveGroups: [
                { count: (world.requests ?? 10) * 300, quantiles: { edgeTimeToFirstByteMsP95: world.latency ?? 120 } },
              ],
            },
          ],
        },
      },
      errors: null,
    };
  if (url.pathname.endsWith('/sla')) return { data: { attributes: { availability: world.availability ?? 99.99 } } };
  return {};
}

/** One run of the monitor in a world; the hosts that it told something, in order. */
async function run(world: World): Promise<readonly string[]> {
  sent = [];
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const url = new URL(String(input));
    if (world.broken?.includes(url.hostname)) return new Response('broken', { status: 500 });
    if (['events.pagerduty.com', 'hooks.slack.com'].includes(url.hostname) || url.pathname.includes('heartbeat'))
      sent.push({ host: url.hostname, body: init?.body === undefined ? null : JSON.parse(String(init.body)) });
    const body = answer(world, url);
    return typeof body === 'string' ? new Response(body) : Response.json(body);
  });
  await monitor.scheduled({ scheduledTime: Date.UTC(2026, 0, 31) }, environment);
  return sent.map(({ host }) => host);
}

beforeEach(() => {
  memory.clear();
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterEach(() => void jest.restoreAllMocks());

test('while all is well nobody hears anything but the heartbeat', async () => {
  expect(await run({})).toEqual(['uptime.betterstack.com']);
});

test('too many connections are told to Slack once, and once more when they are fewer again', async () => {
  expect(await run({ connections: [9, 8] })).toEqual(['hooks.slack.com', 'uptime.betterstack.com']);
  expect(sent[0]?.body).toEqual({ text: 'astraler production: database connections: 17, expected at most 16' });
  expect(await run({ connections: [9, 8] })).toEqual(['uptime.betterstack.com']);
  expect(await run({ connections: [8, 8] })).toEqual(['hooks.slack.com', 'uptime.betterstack.com']);
  expect(sent[0]?.body).toEqual({ text: 'astraler production: database connections: 16, again at most 16' });
});

test('a month below 99.5 % opens an incident and tells Slack; a better one closes it', async () => {
  expect(await run({ availability: 99.49 })).toEqual(['events.pagerduty.com', 'hooks.slack.com', 'uptime.betterstack.com']);
  expect(sent[0]?.body).toEqual({
    routing_key: 'routing',
    event_action: 'trigger',
    dedup_key: 'astraler-production-uptime',
    payload: {
      summary: 'astraler production: uptime of the last 30 days, %: 99.49, expected at least 99.5',
      source: 'app.astraler.com',
      severity: 'critical',
    },
  });
  await run({ availability: 99.5 });
  expect(sent[0]?.body).toMatchObject({ event_action: 'resolve', dedup_key: 'astraler-production-uptime' });
});

test('slow answers and more requests than the system is built for are told to Slack', async () => {
  await run({ latency: 501, requests: 41 });
  expect(sent.map(({ body }) => body)).toEqual([
    { text: 'astraler production: p95 of the response time, ms: 501, expected at most 500' },
    { text: 'astraler production: requests in a second: 41, expected at most 40' },
    null,
  ]);
});

test.each(['project.supabase.co', 'api.cloudflare.com', 'uptime.betterstack.com'])(
  'where %s does not answer, the heartbeat stays out',
  async (host) => {
    await expect(run({ broken: [host] })).rejects.toThrow(': 500');
    expect(sent).toEqual([]);
  },
);

test('metrics without a number of connections count as no answer', async () => {
  await expect(run({ connections: [] })).rejects.toThrow('no number of connections');
});

test('a message that Slack refuses is sent again at the next run', async () => {
  await expect(run({ latency: 900, broken: ['hooks.slack.com'] })).rejects.toThrow('Slack: 500');
  expect(await run({ latency: 900 })).toEqual(['hooks.slack.com', 'uptime.betterstack.com']);
});
