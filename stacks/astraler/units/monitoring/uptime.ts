import { WorkersCronTrigger } from '@cdktf/provider-cloudflare/lib/workers-cron-trigger';
import { WorkersKvNamespace } from '@cdktf/provider-cloudflare/lib/workers-kv-namespace';
import { declareOutputs, text } from 'terrace';

import { BetteruptimeHeartbeat } from '../../../../.gen/providers/betteruptime/betteruptime-heartbeat';
import { Apikey } from '../../../../.gen/providers/supabase/apikey';
import { Uptime } from '../../../../modules/betterstack/uptime';
import { Worker } from '../../../../modules/cloudflare/worker';
import { EventsIntegration } from '../../../../modules/pagerduty/on-call';
import { workerModule } from '../../application';
import { AstralerUnit, type AstralerRegion } from '../../astraler-unit';
import { alertRouting, metrics } from '../../topology/observability';
import { zoneUnitOf } from '../../zone-owner';
import { PostgresUnit } from '../data/postgres';
import { AlertingUnit } from './alerting';

const outputs = declareOutputs({ monitorName: text('astraler-production-monitor'), uptimeTarget: text('99.5') });

/** How often the monitor looks, and how late it may be before somebody is told that it does not. */
const everyMinutes = 5;

/**
 * Whether the site answers, asked from outside, and what no provider raises an alert for: a Worker that asks every five minutes how long
 * answers take, how many connections the database has and how much of the month the site was up. A heartbeat watches the Worker.
 */
export class UptimeUnit extends AstralerUnit<typeof outputs> {
  constructor(region: AstralerRegion, id: string) {
    super(region, id, outputs);
    const accountId = this.useCloudflareAccount();
    const betterStackToken = this.useBetterStack();
    this.usePagerduty();
    this.useSupabase();
    const { zoneId } = this.dependency(zoneUnitOf(region));
    const { projectRef, url } = this.dependency(region.unit(PostgresUnit));
    const { pagerdutyServiceId: serviceId } = this.dependency(region.unit(AlertingUnit));
    const { hostname, environment } = this.environment;
    const target = metrics.uptime.threshold;
    const { monitor } = new Uptime(this, 'site', {
      name: this.prefix,
      hostname,
      target,
      statusPage: environment === 'production' ? 'astraler' : this.prefix,
      pagerdutyKey: new EventsIntegration(this, 'better-stack', { serviceId, name: 'Better Stack' }).key,
    });
    const heartbeat = new BetteruptimeHeartbeat(this, 'heartbeat', {
      name: `${this.prefix}-monitor`,
      period: everyMinutes * 60,
      grace: everyMinutes * 60,
      email: true,
      call: false,
      sms: false,
      push: false,
    });
    const memory = new WorkersKvNamespace(this, 'memory', { accountId, title: `${this.prefix}-monitor` });
    const key = new Apikey(this, 'metrics-key', { projectRef, name: 'monitor' });
    const { thresholds } = this.sizes;
    const worker = new Worker(this, 'monitor', {
      accountId,
      name: `${this.prefix}-monitor`,
      code: workerModule(this, 'monitor-module', 'monitor'),
      bindings: [
        { type: 'kv_namespace', name: 'MEMORY', namespaceId: memory.id },
        { type: 'plain_text', name: 'ENVIRONMENT', text: environment },
        { type: 'plain_text', name: 'HOSTNAME', text: hostname },
        { type: 'plain_text', name: 'ZONE_ID', text: zoneId },
        { type: 'plain_text', name: 'SUPABASE_URL', text: url },
        { type: 'plain_text', name: 'UPTIME_MONITOR_ID', text: monitor.id },
        { type: 'plain_text', name: 'CONNECTION_THRESHOLD', text: String(thresholds.databaseConnections) },
        { type: 'plain_text', name: 'LATENCY_P95_THRESHOLD_MS', text: String(metrics.responseTime.threshold) },
        { type: 'plain_text', name: 'UPTIME_THRESHOLD', text: String(target) },
        { type: 'plain_text', name: 'REQUEST_RATE_THRESHOLD', text: String(thresholds.requestsPerSecond) },
        { type: 'plain_text', name: 'ALERT_ROUTES', text: JSON.stringify(routes()) },
        { type: 'secret_text', name: 'SUPABASE_METRICS_KEY', text: key.apiKey },
        {
          type: 'secret_text',
          name: 'CLOUDFLARE_ANALYTICS_TOKEN',
          text: this.secret('cloudflare_analytics_token', 'Cloudflare API token that can read the analytics of the zone'),
        },
        { type: 'secret_text', name: 'BETTER_STACK_TOKEN', text: betterStackToken },
        {
          type: 'secret_text',
          name: 'PAGERDUTY_ROUTING_KEY',
          text: new EventsIntegration(this, 'monitor-events', { serviceId, name: 'Monitor' }).key,
        },
        {
          type: 'secret_text',
          name: 'SLACK_WEBHOOK',
          text: this.secret('slack_webhook_url', 'Incoming webhook URL of the Slack channel for alerts'),
        },
        { type: 'secret_text', name: 'HEARTBEAT', text: heartbeat.url },
      ],
      cpuMs: 10_000,
    });
    new WorkersCronTrigger(this, 'every-five-minutes', {
      accountId,
      scriptName: worker.name,
      schedules: [{ cron: `*/${everyMinutes} * * * *` }],
    });
    this.outputs({ monitorName: worker.name, uptimeTarget: String(target) });
  }
}

/** Channels of each value that the monitor reads. Requests that near what the system is built for have an hour, as slow answers do. */
function routes(): Readonly<Record<string, readonly string[]>> {
  const routing = alertRouting();
  return {
    connections: routing[metrics.databaseConnections.severity].channels,
    latency: routing[metrics.responseTime.severity].channels,
    requests: routing[metrics.responseTime.severity].channels,
    uptime: routing[metrics.uptime.severity].channels,
  };
}
