import { stringify } from 'yaml';

import { hostWatch } from '../../../envcommon/monitoring';
import { renderAlertRules, renderPrometheus, type AlertRule } from '../../../modules/hosts/prometheus';
import { product } from '../topology/product';
import { swarmServices, type SwarmServiceName } from '../topology/services';
import type { DevValues } from '../values';

/** What Prometheus asks: each needs-edge of its own, all tasks of the service by name. */
export function prometheusOf(values: DevValues): string {
  const { scrapeSeconds } = hostWatch(values.watch);
  const ports: Partial<Record<SwarmServiceName, number>> = { traefik: 8082 };
  return renderPrometheus({
    scrapeSeconds,
    labels: { environment: values.environment },
    rules: '/etc/prometheus/rules.yml',
    jobs: [
      { job_name: 'prometheus', static_configs: [{ targets: [`localhost:${swarmServices.prometheus.port}`] }] },
      ...swarmServices.prometheus.needs.map((name) => ({
        job_name: name,
        dns_sd_configs: [{ names: [`tasks.${name}`], type: 'A', port: ports[name] ?? swarmServices[name].port }],
      })),
    ],
  });
}

/** The rules of development. */
export function alertRulesOf(values: DevValues): readonly AlertRule[] {
  const { thresholds, downMinutes, certificateDays } = hostWatch(values.watch);
  return [
    {
      alert: 'ServiceDown',
      expression: 'up == 0 or absent(up{job="backend"})',
      for: `${downMinutes}m`,
      severity: 'critical',
      summary: `{{ $labels.job }} does not answer for ${downMinutes} minutes`,
    },
    {
      alert: 'HighCpu',
      expression: `100 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])) * 100 > ${thresholds.cpu}`,
      for: '5m',
      severity: 'warning',
      summary: `{{ $labels.instance }} uses more than ${thresholds.cpu} % of its processors`,
    },
    {
      alert: 'HighMemory',
      expression: `(1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes) * 100 > ${thresholds.memory}`,
      for: '5m',
      severity: 'warning',
      summary: `{{ $labels.instance }} uses more than ${thresholds.memory} % of its memory`,
    },
    {
      alert: 'DiskFull',
      expression: `100 - node_filesystem_avail_bytes{fstype=~"ext4|xfs"} / node_filesystem_size_bytes * 100 > ${thresholds.disk}`,
      for: '5m',
      severity: 'critical',
      summary: `{{ $labels.mountpoint }} of {{ $labels.instance }} is more than ${thresholds.disk} % full`,
    },
    {
      alert: 'DatabaseConnections',
      expression: `sum(pg_stat_activity_count) / max(pg_settings_max_connections) * 100 > ${thresholds.databaseConnections}`,
      for: '5m',
      severity: 'warning',
      summary: `more than ${thresholds.databaseConnections} % of the connections of PostgreSQL are in use`,
    },
    {
      alert: 'ReplicaAway',
      expression: 'absent(pg_stat_replication_pg_wal_lsn_diff)',
      for: '10m',
      severity: 'critical',
      summary: 'no replica follows the database',
    },
    {
      alert: 'CertificateEnds',
      expression: `(traefik_tls_certs_not_after - time()) / 86400 < ${certificateDays}`,
      for: '1h',
      severity: 'critical',
      summary: `the certificate of {{ $labels.cn }} ends in less than ${certificateDays} days`,
    },
  ];
}

export function renderRules(values: DevValues): string {
  return renderAlertRules('promata', alertRulesOf(values));
}

/** Grafana's source. */
export function renderGrafanaSources(): string {
  return stringify({
    apiVersion: 1,
    datasources: [
      {
        name: 'Prometheus',
        type: 'prometheus',
        access: 'proxy',
        url: `http://prometheus:${swarmServices.prometheus.port}`,
        isDefault: true,
      },
    ],
  });
}

/** Path below which Grafana answers on the public name. */
export const grafanaPrefix = '/grafana';

/** Paths that must answer on the public name once everything runs. */
export const publicHealth: readonly string[] = [product.frontend.healthPath, product.backend.healthPath, `${grafanaPrefix}/api/health`];
