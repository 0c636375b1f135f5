/** The tables of the system's document about monitoring, logging and alerting, row by row. Thresholds, retentions and routes are made from them. */

export type Channel = 'pagerduty' | 'slack' | 'email' | 'dashboard';

interface Route {
  readonly responseMinutes: number;
  readonly channels: readonly Channel[];
}

/** Who hears of an alert, and how long they have. */
export const alerting = {
  critical: { responseMinutes: 15, channels: ['pagerduty', 'slack'] },
  high: { responseMinutes: 60, channels: ['slack'] },
  medium: { responseMinutes: 1440, channels: ['email'] },
  low: { responseMinutes: 10_080, channels: ['dashboard'] },
} as const satisfies Readonly<Record<string, Route>>;

export type Severity = keyof typeof alerting;

interface Metric {
  readonly title: string;
  readonly tool: string;
  readonly threshold: number;
  readonly unit: '%' | 'ms' | '% of pool';
  /** Which side of the threshold is bad. */
  readonly bad: 'above' | 'below';
  readonly severity: Severity;
}

/** What is measured. The document gives no severities: what users feel at once is critical. */
export const metrics = {
  errorRate: { title: 'Error Rate', tool: 'Sentry', threshold: 1, unit: '%', bad: 'above', severity: 'critical' },
  responseTime: { title: 'Response Time', tool: 'Cloudflare', threshold: 500, unit: 'ms', bad: 'above', severity: 'high' },
  uptime: { title: 'Uptime', tool: 'Better Uptime', threshold: 99.5, unit: '%', bad: 'below', severity: 'critical' },
  databaseConnections: { title: 'DB Connections', tool: 'Supabase', threshold: 80, unit: '% of pool', bad: 'above', severity: 'high' },
} as const satisfies Readonly<Record<string, Metric>>;

/** Share of the pool from which its connections are too many. */
export const databaseConnectionShare = metrics.databaseConnections.threshold / 100;

interface Log {
  readonly title: string;
  readonly destination: string;
  readonly days: number;
}

/** What is logged, where, and for how long. */
export const logs = {
  application: { title: 'Application', destination: 'Cloudflare Logs', days: 7 },
  access: { title: 'Access', destination: 'Cloudflare', days: 3 },
  error: { title: 'Error', destination: 'Sentry', days: 90 },
  audit: { title: 'Audit', destination: 'Supabase', days: 365 },
} as const satisfies Readonly<Record<string, Log>>;

/** The routes as other programs read them: channels and minutes by severity. */
export function alertRouting(): Readonly<Record<Severity, { readonly channels: readonly Channel[]; readonly response_minutes: number }>> {
  const route = ({ channels, responseMinutes }: Route) => ({ channels, response_minutes: responseMinutes });
  return { critical: route(alerting.critical), high: route(alerting.high), medium: route(alerting.medium), low: route(alerting.low) };
}

/** Whether alerts of a severity go to a channel. */
export function reaches(severity: Severity, channel: Channel): boolean {
  const { channels }: Route = alerting[severity];
  return channels.includes(channel);
}
