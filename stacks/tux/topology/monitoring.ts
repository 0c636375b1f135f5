import type { AlertRule } from '../../../modules/hosts/prometheus';
import type { Role } from './hosts';

export type CollectorName = 'fluent-bit' | 'elasticsearch' | 'kibana' | 'prometheus' | 'grafana' | 'alertmanager' | 'jaeger';

/** A part of the monitoring server. */
export interface Collector {
  readonly title: string;
  readonly image: string;
  readonly port: number;
  /** Ports on which other hosts bring what they have; the rest is reached through an SSH tunnel only. */
  readonly receives: readonly number[];
  /** Where it keeps what it collected; the picture draws the store of its own. */
  readonly volume: string;
}

export const collectors: Readonly<Record<CollectorName, Collector>> = {
  'fluent-bit': { title: 'Fluentd/Fluent Bit', image: 'fluent/fluent-bit:4.1.1', port: 24224, receives: [24224], volume: 'fluent-bit' },
  elasticsearch: {
    title: 'Elasticsearch',
    image: 'docker.elastic.co/elasticsearch/elasticsearch:8.19.6',
    port: 9200,
    receives: [],
    volume: 'elasticsearch',
  },
  kibana: { title: 'Kibana', image: 'docker.elastic.co/kibana/kibana:8.19.6', port: 5601, receives: [], volume: 'kibana' },
  prometheus: { title: 'Prometheus', image: 'prom/prometheus:v3.7.2', port: 9090, receives: [], volume: 'prometheus' },
  grafana: { title: 'Grafana', image: 'grafana/grafana:12.2.1', port: 3000, receives: [], volume: 'grafana' },
  alertmanager: { title: 'Alert Manager', image: 'prom/alertmanager:v0.28.1', port: 9093, receives: [], volume: 'alertmanager' },
  jaeger: { title: 'Jaeger', image: 'jaegertracing/all-in-one:1.74.0', port: 16686, receives: [4317], volume: 'jaeger' },
};

/** What Prometheus asks, on the hosts of a role. */
export interface Exporter {
  readonly name: string;
  readonly image: string;
  readonly port: number;
  readonly roles: readonly Role[];
}

export const exporters: readonly Exporter[] = [
  { name: 'node-exporter', image: 'prom/node-exporter:v1.10.2', port: 9100, roles: ['bastion', 'web', 'db', 'redis', 'monitoring'] },
  { name: 'nginx-exporter', image: 'nginx/nginx-prometheus-exporter:1.5.1', port: 9113, roles: ['web'] },
  { name: 'postgres-exporter', image: 'prometheuscommunity/postgres-exporter:v0.18.1', port: 9187, roles: ['db'] },
  { name: 'redis-exporter', image: 'oliver006/redis_exporter:v1.80.0', port: 9121, roles: ['redis'] },
];

/** Who sends traces. */
export const traced = ['tux', 'api', 'auth'] as const;

export const alertRules: readonly AlertRule[] = [
  { alert: 'InstanceDown', expression: 'up == 0', for: '5m', severity: 'critical', summary: '{{ $labels.instance }} does not answer' },
  {
    alert: 'HighCpu',
    expression: '100 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])) * 100 > 80',
    for: '5m',
    severity: 'warning',
    summary: '{{ $labels.instance }} uses more than 80 % of its processors',
  },
  {
    alert: 'HighMemory',
    expression: '(1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes) * 100 > 85',
    for: '5m',
    severity: 'warning',
    summary: '{{ $labels.instance }} uses more than 85 % of its memory',
  },
  {
    alert: 'LowDisk',
    expression: 'node_filesystem_avail_bytes{fstype=~"ext4|xfs"} / node_filesystem_size_bytes * 100 < 15',
    for: '5m',
    severity: 'critical',
    summary: '{{ $labels.instance }} has less than 15 % of {{ $labels.mountpoint }} free',
  },
  {
    alert: 'WebsiteDown',
    expression: 'nginx_up == 0',
    for: '2m',
    severity: 'critical',
    summary: 'nginx on {{ $labels.instance }} is down',
  },
  {
    alert: 'PostgreSQLDown',
    expression: 'pg_up == 0',
    for: '2m',
    severity: 'critical',
    summary: 'PostgreSQL on {{ $labels.instance }} is down',
  },
  { alert: 'RedisDown', expression: 'redis_up == 0', for: '2m', severity: 'critical', summary: 'Redis on {{ $labels.instance }} is down' },
  {
    alert: 'BackupTooOld',
    expression: 'time() - tux_backup_last_success_seconds > 129600',
    for: '10m',
    severity: 'critical',
    summary: 'the last good backup of {{ $labels.instance }} is older than 36 hours',
  },
];

/** Who is told. */
export const receivers = ['slack', 'email'] as const;
