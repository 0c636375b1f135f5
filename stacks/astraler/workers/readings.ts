import type { MonitorEnvironment } from './monitor-environment';

/** One value that the monitor reads, and whether it is where it should be. */
export interface Reading {
  readonly name: 'connections' | 'latency' | 'requests' | 'uptime';
  readonly value: number;
  readonly threshold: number;
  readonly bad: boolean;
}

const day = 86_400_000;

/** How far back the analytics are asked. They are complete about a minute after the fact. */
const windowSeconds = 300;

/** Every value, read at once. Throws the first reason why one cannot be read. */
export async function readings(environment: MonitorEnvironment, now: Date): Promise<readonly Reading[]> {
  const [connections, { latency, requestsPerSecond }, uptime] = await Promise.all([
    databaseConnections(environment),
    traffic(environment, now),
    availability(environment, now),
  ]);
  const above = (name: Reading['name'], value: number, limit: string): Reading => ({
    name,
    value,
    threshold: Number(limit),
    bad: value > Number(limit),
  });
  const threshold = Number(environment.UPTIME_THRESHOLD);
  return [
    above('connections', connections, environment.CONNECTION_THRESHOLD),
    above('latency', latency, environment.LATENCY_P95_THRESHOLD_MS),
    above('requests', requestsPerSecond, environment.REQUEST_RATE_THRESHOLD),
    { name: 'uptime', value: uptime, threshold, bad: uptime < threshold },
  ];
}

async function answer(what: string, url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(20_000) });
  if (!response.ok) throw new Error(`${what}: ${response.status}`);
  return response;
}

/** Connections to Postgres now, over all its databases. */
async function databaseConnections({ SUPABASE_URL, SUPABASE_METRICS_KEY }: MonitorEnvironment): Promise<number> {
  const response = await answer('metrics of the database', `${SUPABASE_URL}/customer/v1/privileged/metrics`, {
    headers: { authorization: `Basic ${btoa(`service_role:${SUPABASE_METRICS_KEY}`)}` },
  });
  const found = [...(await response.text()).matchAll(/^pg_stat_database_num_?backends(?:\{[^}]*\})? (\S+)/gm)].map((match) =>
    Number(match[1]),
  );
  if (found.length === 0) throw new Error('metrics of the database: no number of connections');
  return found.reduce((sum, one) => sum + one, 0);
}

const query = `query Traffic($zone: string!, $filter: ZoneHttpRequestsAdaptiveGroupsFilter_InputObject!) {
  viewer { zones(filter: { zoneTag: $zone }) {
    httpRequestsAdaptiveGroups(limit: 1, filter: $filter) { count quantiles { edgeTimeToFirstByteMsP95 } }
  } }
}`;

interface Analytics {
  readonly data?: {
    readonly viewer: {
      readonly zones: readonly {
        readonly httpRequestsAdaptiveGroups: readonly {
          readonly count: number;
          readonly quantiles: { readonly edgeTimeToFirstByteMsP95: number };
        }[];
      }[];
    };
  };
  readonly errors?: readonly { readonly message: string }[] | null;
}

/** The 95th percentile of the time to the first byte, ms, and requests in a second; both 0 where nobody asked. */
async function traffic(
  { CLOUDFLARE_ANALYTICS_TOKEN, ZONE_ID, HOSTNAME }: MonitorEnvironment,
  now: Date,
): Promise<{ readonly latency: number; readonly requestsPerSecond: number }> {
  const end = new Date(now.getTime() - 60_000);
  const start = new Date(end.getTime() - windowSeconds * 1000);
  const response = await answer('analytics of the zone', 'https://api.cloudflare.com/client/v4/graphql', {
    method: 'POST',
    headers: { authorization: `Bearer ${CLOUDFLARE_ANALYTICS_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      query,
      variables: {
        zone: ZONE_ID,
        filter: {
          clientRequestHTTPHost: HOSTNAME,
          datetime_geq: start.toISOString(),
          datetime_lt: end.toISOString(),
          requestSource: 'eyeball',
        },
      },
    }),
  });
  const { data, errors } = (await response.json()) as Analytics;
  if (data === undefined || (errors ?? []).length > 0) throw new Error(`analytics of the zone: ${errors?.[0]?.message ?? 'no data'}`);
  const group = data.viewer.zones[0]?.httpRequestsAdaptiveGroups[0];
  return { latency: group?.quantiles.edgeTimeToFirstByteMsP95 ?? 0, requestsPerSecond: (group?.count ?? 0) / windowSeconds };
}

/** Per cent of the last thirty days in which the site answered. */
async function availability({ BETTER_STACK_TOKEN, UPTIME_MONITOR_ID }: MonitorEnvironment, now: Date): Promise<number> {
  const date = (time: number): string => new Date(time).toISOString().slice(0, 10);
  const response = await answer(
    'availability of the site',
    `https://uptime.betterstack.com/api/v2/monitors/${UPTIME_MONITOR_ID}/sla?from=${date(now.getTime() - 30 * day)}&to=${date(now.getTime())}`,
    { headers: { authorization: `Bearer ${BETTER_STACK_TOKEN}` } },
  );
  const { data } = (await response.json()) as { readonly data: { readonly attributes: { readonly availability: number } } };
  return data.attributes.availability;
}
