import type { MonitorEnvironment } from './monitor-environment';
import type { Reading } from './readings';

const titles: Readonly<Record<Reading['name'], string>> = {
  connections: 'database connections',
  latency: 'p95 of the response time, ms',
  requests: 'requests in a second',
  uptime: 'uptime of the last 30 days, %',
};

/** One sentence about a reading. */
export function sentence(environment: string, { name, value, threshold, bad }: Reading): string {
  const side = name === 'uptime' ? 'at least' : 'at most';
  return `astraler ${environment}: ${titles[name]}: ${Math.round(value * 100) / 100}, ${bad ? 'expected' : 'again'} ${side} ${threshold}`;
}

/**
 * Tells who the route of a reading names that it went bad, or that it is well again; nothing while it stays as it was. What it told last is
 * kept by name, after everybody heard it: a message that fails is sent again at the next run.
 */
export async function tell(environment: MonitorEnvironment, reading: Reading): Promise<void> {
  const before = (await environment.MEMORY.get(reading.name)) ?? 'well';
  const now = reading.bad ? 'bad' : 'well';
  if (before === now) return;
  const routes = JSON.parse(environment.ALERT_ROUTES) as Readonly<Record<string, readonly string[]>>;
  const text = sentence(environment.ENVIRONMENT, reading);
  const channels = routes[reading.name] ?? [];
  if (channels.includes('pagerduty'))
    await send('PagerDuty', 'https://events.pagerduty.com/v2/enqueue', {
      routing_key: environment.PAGERDUTY_ROUTING_KEY,
      event_action: reading.bad ? 'trigger' : 'resolve',
      dedup_key: `astraler-${environment.ENVIRONMENT}-${reading.name}`,
      payload: { summary: text, source: environment.HOSTNAME, severity: 'critical' },
    });
  if (channels.includes('slack')) await send('Slack', environment.SLACK_WEBHOOK, { text });
  await environment.MEMORY.put(reading.name, now);
}

async function send(whom: string, url: string, message: object): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(message),
    signal: AbortSignal.timeout(20_000),
  });
  if (!response.ok) throw new Error(`${whom}: ${response.status}`);
}
