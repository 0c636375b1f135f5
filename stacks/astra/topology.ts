import type { ExposedPart } from '../../envcommon/exposure';
import type { Pods } from '../../modules/kubernetes/allowed-edge';
import { controllerPods } from '../../modules/kubernetes/ingress-controller';
import { type Labels, nameLabel } from '../../modules/kubernetes/metadata';
import { prometheusPods } from '../../modules/kubernetes/monitoring-stack';
import { exporterPods, exporterPort } from '../../modules/kubernetes/postgres-exporter';
import type { AstraEnvironmentValues } from './values';

/** The namespaces of a cluster that this system uses. */
export const namespaces = { applications: 'astra', monitoring: 'monitoring', ingress: 'ingress-nginx' } as const;

/** The workloads: their port, the service in front of them, and where they answer with metrics on that port. */
export const workloads = {
  frontend: { port: 3000, service: 'frontend-svc', metricsPath: '/api/metrics' },
  backend: { port: 8000, service: 'backend-svc', metricsPath: '/metrics' },
  postgres: { port: 5432, service: 'postgres-svc' },
} as const;

/** Who opens connections, and to whom. */
export type Actor = ExposedPart | 'prometheus' | 'postgres-exporter' | 'postgres-backup' | 'ingress-controller';

const applications = (labels: Labels): Pods => ({ namespace: namespaces.applications, labels });

/** The pods of each actor. */
export const podsOf: Readonly<Record<Actor, Pods>> = {
  frontend: applications({ [nameLabel]: 'frontend' }),
  backend: applications({ [nameLabel]: 'backend' }),
  postgres: applications({ [nameLabel]: 'postgres' }),
  'postgres-backup': applications({ [nameLabel]: 'postgres-backup' }),
  'postgres-exporter': applications(exporterPods),
  prometheus: { namespace: namespaces.monitoring, labels: prometheusPods },
  'ingress-controller': { namespace: namespaces.ingress, labels: controllerPods },
};

/** A connection that is allowed: everything else into the pods is refused. */
export interface Edge {
  readonly from: Actor | 'anywhere';
  readonly to: Actor;
  readonly port: number;
}

/**
 * Every connection of an environment into its applications. Metrics flow to Prometheus, which opens the connection: the document's arrow
 * from a workload to Prometheus is an edge the other way round, and so are those from the database to its exporter.
 */
export function edgesOf(values: Pick<AstraEnvironmentValues, 'exposure' | 'postgresExporter'>): readonly Edge[] {
  const to = (from: Edge['from'], part: ExposedPart): Edge => ({ from, to: part, port: workloads[part].port });
  const outside = (['frontend', 'backend', 'postgres'] as const).flatMap((part): readonly Edge[] => {
    const exposure = values.exposure[part];
    return exposure === 'cluster-ip' ? [] : [to(exposure === 'ingress' ? 'ingress-controller' : 'anywhere', part)];
  });
  return [
    ...outside,
    to('frontend', 'backend'),
    to('backend', 'postgres'),
    to('postgres-backup', 'postgres'),
    to('prometheus', 'frontend'),
    to('prometheus', 'backend'),
    ...(values.postgresExporter === true
      ? [to('postgres-exporter', 'postgres'), { from: 'prometheus', to: 'postgres-exporter', port: exporterPort } as const]
      : []),
  ];
}
