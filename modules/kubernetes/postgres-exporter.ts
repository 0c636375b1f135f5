import { Construct } from 'constructs';

import { Chart } from './chart';
import { type Labels, nameLabel } from './metadata';
import { credentialKeys } from './postgres-account';

/** Port of the exporter's metrics. */
export const exporterPort = 9187;

/** Name of the release, and with it of the service and the label of the pods. */
export const exporterName = 'prometheus-postgres-exporter';

/** The labels of the exporter's pods. */
export const exporterPods: Labels = { [nameLabel]: exporterName };

export interface PostgresExporterOptions {
  readonly namespace: string;
  readonly labels: Labels;
  readonly chartVersion: string;
  readonly database: {
    readonly host: string;
    readonly port: number;
    readonly name: string;
    /** Secret in the same namespace with the database's account. */
    readonly secret: string;
  };
}

/** Turns what PostgreSQL knows about itself into metrics; Prometheus asks for them by a monitor of the stack. */
export class PostgresExporter extends Construct {
  constructor(scope: Construct, id: string, { namespace, labels, chartVersion, database }: PostgresExporterOptions) {
    super(scope, id);
    new Chart(this, 'chart', {
      name: exporterName,
      namespace,
      repository: 'https://prometheus-community.github.io/helm-charts',
      chart: 'prometheus-postgres-exporter',
      version: chartVersion,
      values: {
        service: { type: 'ClusterIP', port: exporterPort, targetPort: exporterPort, name: 'metrics', labels },
        deployment: { labels },
        podLabels: labels,
        automountServiceAccountToken: false,
        resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { cpu: '200m', memory: '128Mi' } },
        config: {
          datasource: {
            host: database.host,
            port: String(database.port),
            database: database.name,
            sslmode: 'disable',
            userSecret: { name: database.secret, key: credentialKeys.user },
            passwordSecret: { name: database.secret, key: credentialKeys.password },
          },
        },
      },
    });
  }
}
