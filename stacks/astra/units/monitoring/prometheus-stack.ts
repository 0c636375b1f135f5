import { declareOutputs, text } from 'terrace';

import { monitoringStack } from '../../../../envcommon/kubernetes';
import { type Monitor, MonitoringStack } from '../../../../modules/kubernetes/monitoring-stack';
import { OpaqueSecret } from '../../../../modules/kubernetes/opaque-secret';
import { exporterName } from '../../../../modules/kubernetes/postgres-exporter';
import type { AstraRegion } from '../../astra-unit';
import { ClusterUnit } from '../../cluster-unit';
import { workloads } from '../../topology';
import { NetworkPoliciesUnit } from '../security/network-policies';

const outputs = declareOutputs({ grafanaSecretName: text('grafana-admin') });

/** Prometheus, Grafana and Alertmanager; reach them with `kubectl port-forward`. */
export class PrometheusStackUnit extends ClusterUnit<typeof outputs> {
  constructor(region: AstraRegion, id: string) {
    super(region, id, outputs);
    this.useCluster({ helm: true });
    const { applicationsNamespace, monitoringNamespace } = this.dependency(region.unit(NetworkPoliciesUnit));
    const secret = new OpaqueSecret(this, 'grafana-admin', {
      name: 'grafana-admin',
      place: { namespace: monitoringNamespace, labels: this.labels },
      values: {
        'admin-user': this.variable('grafana_admin_user', { description: 'User name of the Grafana administrator', sensitive: true }),
        'admin-password': this.variable('grafana_admin_password', {
          description: 'Password of the Grafana administrator',
          sensitive: true,
        }),
      },
    });
    const application = (name: 'frontend' | 'backend'): Monitor => ({
      name,
      namespace: applicationsNamespace,
      service: name,
      port: 'http',
      path: workloads[name].metricsPath,
    });
    new MonitoringStack(this, 'stack', {
      name: 'kube-prometheus-stack',
      namespace: monitoringNamespace,
      labels: this.labels,
      ...monitoringStack(this.environment.monitoring),
      grafanaSecret: secret.name,
      monitors: [
        application('frontend'),
        application('backend'),
        ...(this.environment.postgresExporter === true
          ? [{ name: exporterName, namespace: applicationsNamespace, service: exporterName, port: 'metrics', path: '/metrics' }]
          : []),
      ],
    });
    this.outputs({ grafanaSecretName: secret.name });
  }
}
