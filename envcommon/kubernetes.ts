/** Amounts as Kubernetes writes them. */
interface Amounts {
  readonly cpu: string;
  readonly memory: string;
}

export interface WebNeeds {
  /** Pods; the autoscaler decides between them. */
  readonly pods: { readonly min: number; readonly max: number };
}

/** How a web application runs: its requests, and where its autoscaler aims. */
export function webApplication(needs: WebNeeds) {
  return {
    requests: { cpu: '250m', memory: '128Mi' } satisfies Amounts,
    limits: { cpu: '500m', memory: '256Mi' } satisfies Amounts,
    scaling: { ...needs.pods, cpuPercent: 70, memoryPercent: 75 },
  };
}

export interface ServerNeeds {
  /** GiB of the volume of data. */
  readonly storageGb: number;
  /** Days that a dump is kept. */
  readonly backupDays: number;
}

/** How the database server runs. A dump is smaller than what it is taken of: as many as are kept fit into twice the volume. */
export function databaseServer(needs: ServerNeeds) {
  return {
    storageGb: needs.storageGb,
    requests: { cpu: '250m', memory: '256Mi' } satisfies Amounts,
    limits: { cpu: '1', memory: '1Gi' } satisfies Amounts,
    backup: { schedule: '30 2 * * *', keepDays: needs.backupDays, storageGb: needs.storageGb * 2 },
  };
}

export interface StackNeeds {
  readonly retentionDays: number;
  readonly storageGb: { readonly prometheus: number; readonly grafana: number };
}

/** Charts and their exact versions; test/stacks/astra/charts holds what values each of them knows. */
export const chartVersions = {
  'kube-prometheus-stack': '70.7.0',
  'prometheus-postgres-exporter': '8.2.0',
  'ingress-nginx': '4.15.1',
} as const;

/** How the monitoring stack is installed. */
export function monitoringStack(needs: StackNeeds) {
  return { ...needs, chartVersion: chartVersions['kube-prometheus-stack'] };
}
