import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Miniflare, Response, type Request } from 'miniflare';

import { bundleWorker } from '../../../../modules/cloudflare/worker-bundle';
import { projectRoot } from '../../../_helpers/project-root';

/** Answers of the services that the monitor asks, by a part of their address; the database has more connections than it should. */
const answers: readonly (readonly [part: string, body: unknown])[] = [
  ['/customer/v1/privileged/metrics', 'pg_stat_database_num_backends{datname="postgres"} 17\n'],
  [
    '/graphql',
    {
      data: { viewer: { zones: [{ httpRequestsAdaptiveGroups: [{ count: 300, quantiles: { edgeTimeToFirstByteMsP95: 80 } }] }] } },
      errors: null,
    },
  ],
  ['/sla', { data: { attributes: { availability: 99.99 } } }],
  ['hooks.slack.com', 'ok'],
  ['/heartbeat/', 'ok'],
];
/** What was sent to the world: host and body. */
const sent: (readonly [host: string, body: string])[] = [];

async function world(request: Request): Promise<Response> {
  const { host } = new URL(request.url);
  sent.push([host, await request.text()]);
  const [, body] = answers.find(([part]) => request.url.includes(part)) ?? [];
  if (body === undefined) return new Response('nobody is there', { status: 500 });
  return new Response(typeof body === 'string' ? body : JSON.stringify(body));
}

/** What the runtime hands over: its types are a package that it does not bring along. */
interface Bucket {
  put(key: string, body: string, options?: object): Promise<unknown>;
  get(key: string): Promise<{
    text(): Promise<string>;
    readonly httpMetadata?: { readonly contentType?: string };
    readonly customMetadata?: object;
  } | null>;
}
interface Handlers {
  queue(
    name: string,
    messages: readonly object[],
  ): Promise<{ readonly outcome: string; readonly explicitAcks: readonly string[]; readonly retryMessages: readonly unknown[] }>;
  scheduled(event: { readonly scheduledTime: Date; readonly cron: string }): Promise<{ readonly outcome: string }>;
}
interface Memory {
  get(key: string): Promise<string | null>;
}

/** What the runtime hands over has the methods that are called here. */
function withMethods<T extends object>(part: object, ...names: readonly (keyof T & string)[]): T {
  if (!hasMethods<T>(part, names)) throw new TypeError(`the runtime has no ${names.join(', ')}`);
  return part;
}
function hasMethods<T extends object>(part: object, names: readonly (keyof T & string)[]): part is T {
  return names.every((name) => typeof Reflect.get(part, name) === 'function');
}
const bucket = async (name: string) => withMethods<Bucket>(await runtime.getR2Bucket(name, 'replicate'), 'put', 'get');
const handlers = async (worker: string) => withMethods<Handlers>(await runtime.getWorker(worker), 'queue', 'scheduled');
const remembered = async (key: string) => withMethods<Memory>(await runtime.getKVNamespace('MEMORY', 'monitor'), 'get').get(key);

const script = (name: string) => ({
  name,
  modules: true,
  script: bundleWorker(path.join(projectRoot, 'stacks', 'astraler', 'workers', `${name}.ts`)),
  compatibilityDate: '2025-11-01',
});

let runtime: Miniflare;
beforeAll(async () => {
  runtime = new Miniflare({
    cf: false,
    handleRuntimeStdio: (output, errors) => {
      output.resume();
      errors.resume();
    },
    workers: [
      script('api'),
      { ...script('replicate'), r2Buckets: ['SOURCE', 'REPLICA'] },
      {
        ...script('monitor'),
        kvNamespaces: ['MEMORY'],
        outboundService: world,
        bindings: {
          ENVIRONMENT: 'production',
          HOSTNAME: 'app.astraler.com',
          ZONE_ID: 'zone',
          SUPABASE_URL: 'https://project.supabase.co',
          UPTIME_MONITOR_ID: '7',
          CONNECTION_THRESHOLD: '16',
          LATENCY_P95_THRESHOLD_MS: '500',
          UPTIME_THRESHOLD: '99.5',
          REQUEST_RATE_THRESHOLD: '40',
          ALERT_ROUTES: JSON.stringify({ connections: ['slack'], latency: ['slack'], requests: ['slack'], uptime: ['pagerduty'] }),
          SUPABASE_METRICS_KEY: 'key',
          CLOUDFLARE_ANALYTICS_TOKEN: 'analytics',
          BETTER_STACK_TOKEN: 'stack',
          PAGERDUTY_ROUTING_KEY: 'routing',
          SLACK_WEBHOOK: 'https://hooks.slack.com/services/x',
          HEARTBEAT: 'https://uptime.betterstack.com/api/v1/heartbeat/x',
        },
      },
    ],
  });
  await runtime.ready;
}, 600_000);
afterAll(async () => {
  await runtime?.dispose();
});

test('in Cloudflare’s own runtime, a placeholder answers 503 with its reason', async () => {
  const response = await runtime.dispatchFetch('https://app.astraler.com/api/anything');
  expect([response.status, response.headers.get('retry-after'), await response.json()]).toEqual([
    503,
    '300',
    { error: 'service unavailable', reason: 'the first build of api was not deployed yet' },
  ]);
});

test('the consumer copies a written object to the replica, with its metadata, and keeps what is deleted', async () => {
  const [source, replica] = [await bucket('SOURCE'), await bucket('REPLICA')];
  await source.put('a.png', 'pixels', { httpMetadata: { contentType: 'image/png' }, customMetadata: { owner: 'ann' } });
  await replica.put('old.png', 'old');
  const worker = await handlers('replicate');
  const result = await worker.queue('files', [
    { id: '1', timestamp: new Date(0), attempts: 1, body: { action: 'PutObject', object: { key: 'a.png' } } },
    { id: '2', timestamp: new Date(0), attempts: 1, body: { action: 'DeleteObject', object: { key: 'old.png' } } },
  ]);
  expect([result.outcome, result.explicitAcks.toSorted(), result.retryMessages]).toEqual(['ok', ['1', '2'], []]);
  const copy = await replica.get('a.png');
  expect([await copy?.text(), copy?.httpMetadata?.contentType, copy?.customMetadata]).toEqual(['pixels', 'image/png', { owner: 'ann' }]);
  expect(await (await replica.get('old.png'))?.text()).toBe('old');
});

test('the monitor tells Slack once that there are too many connections, and remembers it', async () => {
  const worker = await handlers('monitor');
  for (const run of [1, 2]) {
    sent.length = 0;
    expect((await worker.scheduled({ scheduledTime: new Date(1_767_225_600_000), cron: '*/5 * * * *' })).outcome).toBe('ok');
    const slack = sent.filter(([host]) => host === 'hooks.slack.com').map(([, body]) => body);
    expect([run, slack]).toEqual([
      run,
      run === 1 ? [JSON.stringify({ text: 'astraler production: database connections: 17, expected at most 16' })] : [],
    ]);
    expect(sent.filter(([host]) => host === 'uptime.betterstack.com')).toHaveLength(2);
  }
  expect(await remembered('connections')).toBe('bad');
});
