import type { KeyValueStore } from './runtime';

/** What the monitor finds: its thresholds, whom it asks and whom it tells. */
export interface MonitorEnvironment {
  readonly MEMORY: KeyValueStore;
  readonly ENVIRONMENT: string;
  readonly HOSTNAME: string;
  readonly ZONE_ID: string;
  readonly SUPABASE_URL: string;
  readonly UPTIME_MONITOR_ID: string;
  readonly CONNECTION_THRESHOLD: string;
  readonly LATENCY_P95_THRESHOLD_MS: string;
  readonly UPTIME_THRESHOLD: string;
  readonly REQUEST_RATE_THRESHOLD: string;
  /** JSON: channels by the name of a reading. */
  readonly ALERT_ROUTES: string;
  readonly SUPABASE_METRICS_KEY: string;
  readonly CLOUDFLARE_ANALYTICS_TOKEN: string;
  readonly BETTER_STACK_TOKEN: string;
  readonly PAGERDUTY_ROUTING_KEY: string;
  readonly SLACK_WEBHOOK: string;
  /** Address that expects to be asked at every run. */
  readonly HEARTBEAT: string;
}
