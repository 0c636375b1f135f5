import { stringify } from 'yaml';

/** An alerting rule; `for` in Prometheus' notation. */
export interface AlertRule {
  readonly alert: string;
  readonly expression: string;
  readonly for: string;
  readonly severity: 'warning' | 'critical';
  readonly summary: string;
}

/** What Prometheus asks: a job's name and where its targets are found, in Prometheus' own words. */
export interface ScrapeJob {
  readonly job_name: string;
  readonly [option: string]: unknown;
}

export interface PrometheusProps {
  readonly scrapeSeconds: number;
  /** Labels of everything that leaves this Prometheus. */
  readonly labels: Readonly<Record<string, string>>;
  /** Path of the rules. */
  readonly rules: string;
  /** `host:port` of Alertmanager. @default alerts are only shown */
  readonly alertmanager?: string;
  readonly jobs: readonly ScrapeJob[];
}

const yaml = (value: unknown): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, version: '1.1' });

/** The configuration of Prometheus. */
export function renderPrometheus({ scrapeSeconds, labels, rules, alertmanager, jobs }: PrometheusProps): string {
  return yaml({
    global: { scrape_interval: `${scrapeSeconds}s`, evaluation_interval: `${scrapeSeconds}s`, external_labels: labels },
    rule_files: [rules],
    ...(alertmanager === undefined ? {} : { alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] } }),
    scrape_configs: jobs,
  });
}

/** The rules of one group. */
export function renderAlertRules(group: string, rules: readonly AlertRule[]): string {
  return yaml({
    groups: [
      {
        name: group,
        rules: rules.map(({ alert, expression, for: duration, severity, summary }) => ({
          alert,
          expr: expression,
          for: duration,
          labels: { severity },
          annotations: { summary },
        })),
      },
    ],
  });
}
