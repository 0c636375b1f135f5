import { Construct } from 'constructs';

import { Chart } from './chart';
import { type Labels, nameLabel } from './metadata';

/** What Prometheus asks for metrics: a service by its namespace and label. */
export interface Monitor {
  readonly name: string;
  readonly namespace: string;
  /** Name label of the service. */
  readonly service: string;
  /** Name of its port. */
  readonly port: string;
  readonly path: string;
}

export interface MonitoringStackOptions {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly chartVersion: string;
  /** Days that Prometheus keeps. */
  readonly retentionDays: number;
  /** GiB of the volumes. */
  readonly storageGb: { readonly prometheus: number; readonly grafana: number };
  /** Secret in the same namespace with `admin-user` and `admin-password`. */
  readonly grafanaSecret: string;
  readonly monitors: readonly Monitor[];
}

/**
 * Ports on which the parts of the stack ask each other: Prometheus 9090, Alertmanager 9093 (9094 among its replicas), Grafana 3000,
 * operator, kube-state-metrics and config reloader 8080 and 8081. node-exporter is on the node's network, where no policy reaches.
 */
const ownPorts = [9090, 9093, 9094, 3000, 8080, 8081] as const;

/** The labels of Prometheus' pods, which the operator gives them. */
export const prometheusPods: Labels = { [nameLabel]: 'prometheus' };

const inside = { type: 'ClusterIP' } as const;
const claim = (gb: number) => ({ accessModes: ['ReadWriteOnce'], resources: { requests: { storage: `${gb}Gi` } } });

/**
 * Prometheus, Grafana and Alertmanager as the chart kube-prometheus-stack installs them, reached inside the cluster only. Its parts may ask
 * each other: that policy travels with the chart, because it is the chart's own business. The operator's webhook is off, so that the
 * control plane needs no way in.
 */
export class MonitoringStack extends Construct {
  constructor(scope: Construct, id: string, options: MonitoringStackOptions) {
    super(scope, id);
    const { name, namespace, labels, chartVersion, retentionDays, storageGb, grafanaSecret, monitors } = options;
    new Chart(this, 'chart', {
      name,
      namespace,
      repository: 'https://prometheus-community.github.io/helm-charts',
      chart: 'kube-prometheus-stack',
      version: chartVersion,
      timeout: 900,
      values: {
        commonLabels: labels,
        prometheus: {
          enabled: true,
          service: inside,
          additionalServiceMonitors: monitors.map((monitor) => ({
            name: monitor.name,
            selector: { matchLabels: { [nameLabel]: monitor.service } },
            namespaceSelector: { matchNames: [monitor.namespace] },
            endpoints: [{ port: monitor.port, path: monitor.path, interval: '30s' }],
          })),
          prometheusSpec: {
            retention: `${retentionDays}d`,
            podMetadata: { labels },
            storageSpec: { volumeClaimTemplate: { spec: claim(storageGb.prometheus) } },
          },
        },
        grafana: {
          enabled: true,
          service: inside,
          admin: { existingSecret: grafanaSecret, userKey: 'admin-user', passwordKey: 'admin-password' },
          deploymentStrategy: { type: 'Recreate' },
          initChownData: { enabled: false },
          persistence: { enabled: true, type: 'pvc', accessModes: ['ReadWriteOnce'], size: `${storageGb.grafana}Gi` },
        },
        alertmanager: { enabled: true, service: inside },
        // The control plane is Google's: these cannot be asked there.
        kubeControllerManager: { enabled: false },
        kubeEtcd: { enabled: false },
        kubeScheduler: { enabled: false },
        kubeProxy: { enabled: false },
        prometheusOperator: { admissionWebhooks: { enabled: false }, tls: { enabled: false } },
        extraManifests: [ownTraffic(namespace, labels)],
      },
    });
  }
}

function ownTraffic(namespace: string, labels: Labels) {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'monitoring-own-traffic', namespace, labels },
    spec: {
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: {} }], ports: ownPorts.map((port) => ({ port, protocol: 'TCP' })) }],
    },
  };
}
