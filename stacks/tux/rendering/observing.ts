import { stringify } from 'yaml';

import { renderPrometheus } from '../../../modules/hosts/prometheus';
import { hostsOf, type AddressPlan } from '../topology/hosts';
import { collectors, exporters } from '../topology/monitoring';

const yaml = (value: unknown): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, version: '1.1' });

/** Prometheus: what it asks, and the rules by which it wakes somebody. */
export function prometheusOf(plan: AddressPlan, environment: string): string {
  return renderPrometheus({
    scrapeSeconds: 15,
    labels: { environment },
    rules: '/etc/prometheus/rules.yml',
    alertmanager: `alertmanager:${collectors.alertmanager.port}`,
    jobs: [
      { job_name: 'prometheus', static_configs: [{ targets: [`localhost:${collectors.prometheus.port}`] }] },
      ...exporters.map(({ name, port, roles }) => ({
        job_name: name,
        static_configs: roles.flatMap((role) =>
          hostsOf(plan, role).map((host) => ({
            targets: [`${role === 'monitoring' ? name : host.address}:${port}`],
            labels: { instance: host.name, role },
          })),
        ),
      })),
    ],
  });
}

/** Fluent Bit beside the services: reads the journal, sends it on. */
export function renderFluentBitAgent(monitoringAddress: string): string {
  return yaml({
    service: { flush: 5, 'storage.path': '/var/lib/fluent-bit' },
    pipeline: {
      inputs: [
        {
          name: 'systemd',
          tag: 'journal',
          path: '/var/log/journal',
          db: '/var/lib/fluent-bit/journal.db',
          'storage.type': 'filesystem',
          read_from_tail: true,
        },
      ],
      outputs: [{ name: 'forward', match: '*', host: monitoringAddress, port: collectors['fluent-bit'].port, retry_limit: 'no_limits' }],
    },
  });
}

/** Fluent Bit on the monitoring server: takes what the others send, keeps it in Elasticsearch. */
export function renderFluentBitAggregator(): string {
  return yaml({
    service: { flush: 5, 'storage.path': '/var/lib/fluent-bit' },
    pipeline: {
      inputs: [
        { name: 'forward', listen: '0.0.0.0', port: collectors['fluent-bit'].port, 'storage.type': 'filesystem' },
        { name: 'systemd', tag: 'journal', path: '/var/log/journal', db: '/var/lib/fluent-bit/journal.db', read_from_tail: true },
      ],
      outputs: [
        {
          name: 'es',
          match: '*',
          host: 'elasticsearch',
          port: collectors.elasticsearch.port,
          logstash_format: true,
          logstash_prefix: 'logs',
          suppress_type_name: true,
          replace_dots: true,
          retry_limit: 'no_limits',
        },
      ],
    },
  });
}

export function renderGrafanaSources(): string {
  return yaml({
    apiVersion: 1,
    datasources: [
      { name: 'Prometheus', type: 'prometheus', access: 'proxy', url: `http://prometheus:${collectors.prometheus.port}`, isDefault: true },
      { name: 'Jaeger', type: 'jaeger', access: 'proxy', url: `http://jaeger:${collectors.jaeger.port}` },
      {
        name: 'Elasticsearch',
        type: 'elasticsearch',
        access: 'proxy',
        url: `http://elasticsearch:${collectors.elasticsearch.port}`,
        jsonData: { index: '[logs-]YYYY.MM.DD', interval: 'Daily', timeField: '@timestamp' },
      },
    ],
  });
}

/** Who is woken by what: Slack hears everything, mail is for what is critical. */
export function renderAlertmanager(hostname: string): string {
  const slack = { api_url_file: '/etc/alertmanager/secrets/slack-webhook', channel: '#alerts', send_resolved: true };
  return yaml({
    global: {
      smtp_smarthost: '{{ tux_alert_smarthost }}',
      smtp_from: `alerts@${hostname}`,
      smtp_auth_username: '{{ tux_alert_smtp_user }}',
      smtp_auth_password_file: '/etc/alertmanager/secrets/smtp',
    },
    route: {
      receiver: 'slack',
      group_by: ['alertname', 'instance'],
      routes: [{ receiver: 'email', matchers: ['severity="critical"'], continue: true }, { receiver: 'slack' }],
    },
    receivers: [
      { name: 'slack', slack_configs: [slack] },
      { name: 'email', email_configs: [{ to: '{{ tux_alert_recipient }}', send_resolved: true }] },
    ],
  });
}
