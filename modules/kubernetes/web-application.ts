import { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1';
import { DeploymentV1 } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { HorizontalPodAutoscalerV2 } from '@cdktf/provider-kubernetes/lib/horizontal-pod-autoscaler-v2';
import { PodDisruptionBudgetV1 } from '@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';

import { type Exposure, ExposedService } from './exposed-service';
import { metadata, nameLabel, type ObjectPlace } from './metadata';
import { containerSecurity, podSecurity, type PodUser } from './pod-security';
import { refuseSecretSettings } from './secret-settings';

/** A question that kubelet asks over HTTP. */
export interface Probe {
  readonly path: string;
  /** Name that the request is for. @default the pod's address */
  readonly host?: string;
  /** Seconds before the first one. */
  readonly delay: number;
  /** Seconds between two of them. @default 10 */
  readonly period?: number;
  /** Wrong answers in a row that count. @default 3 */
  readonly failures?: number;
}

/** Amounts as Kubernetes writes them: `250m`, `128Mi`. */
export interface Amounts {
  readonly cpu: string;
  readonly memory: string;
}

export interface Scaling {
  readonly min: number;
  readonly max: number;
  /** Per cent of the requested CPU and memory that the autoscaler keeps. */
  readonly cpuPercent: number;
  readonly memoryPercent: number;
}

export interface WebApplicationOptions {
  /** Name of the workload and label of its pods. */
  readonly name: string;
  readonly place: ObjectPlace;
  readonly image: string;
  readonly port: number;
  readonly service: { readonly name: string; readonly exposure: Exposure };
  readonly probes: { readonly liveness: Probe; readonly readiness: Probe };
  readonly requests: Amounts;
  readonly limits: Amounts;
  readonly scaling: Scaling;
  readonly user: PodUser;
  /** Settings that are no secret, by the name of the environment variable. */
  readonly settings: Readonly<Record<string, string>>;
  /** Secrets by the name of the environment variable: a key of a secret. */
  readonly secrets?: Readonly<Record<string, { readonly secret: string; readonly key: string }>>;
  /** Folders that the application writes to; they are empty after each start. `/tmp` is always there. */
  readonly writable?: readonly string[];
}

/**
 * A web application: deployment, service, autoscaler and disruption budget. The autoscaler alone decides how many pods there are; pods
 * keep nothing, so that there may be any number of them. A change of its settings rolls the pods, a change of a secret does not.
 */
export class WebApplication extends Construct {
  readonly service: ExposedService;

  constructor(scope: Construct, id: string, options: WebApplicationOptions) {
    super(scope, id);
    const { name, place, image, port, service, probes, requests, limits, scaling, settings, secrets = {} } = options;
    refuseSecretSettings(`${scope.node.path}/${id}`, settings);
    const selector = { [nameLabel]: name };
    const config = new ConfigMapV1(this, 'settings', { metadata: metadata(`${name}-settings`, place, selector), data: { ...settings } });
    const account = new ServiceAccountV1(this, 'account', {
      metadata: metadata(name, place, selector),
      automountServiceAccountToken: false,
    });
    const folders = ['/tmp', ...(options.writable ?? [])].map((path) => ({ path, volume: volumeName(path) }));
    const workload = new DeploymentV1(this, 'deployment', {
      metadata: metadata(name, place, selector),
      spec: {
        selector: { matchLabels: selector },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '0', maxSurge: '1' } },
        template: {
          metadata: {
            labels: { ...place.labels, ...selector },
            annotations: { 'checksum/settings': Fn.sha256(Fn.jsonencode(config.data)) },
          },
          spec: {
            serviceAccountName: account.metadata.name,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: podSecurity(options.user),
            topologySpreadConstraint: [
              {
                maxSkew: 1,
                topologyKey: 'kubernetes.io/hostname',
                whenUnsatisfiable: 'ScheduleAnyway',
                labelSelector: [{ matchLabels: selector }],
              },
            ],
            container: [
              {
                name,
                image,
                imagePullPolicy: 'IfNotPresent',
                port: [{ name: 'http', containerPort: port, protocol: 'TCP' }],
                envFrom: [{ configMapRef: { name: config.metadata.name } }],
                env: Object.entries(secrets).map(([variable, { secret, key }]) => ({
                  name: variable,
                  valueFrom: { secretKeyRef: { name: secret, key } },
                })),
                resources: { requests: { ...requests }, limits: { ...limits } },
                livenessProbe: probe(probes.liveness, port),
                readinessProbe: probe(probes.readiness, port),
                securityContext: containerSecurity,
                volumeMount: folders.map(({ path, volume }) => ({ name: volume, mountPath: path })),
              },
            ],
            volume: folders.map(({ volume }) => ({ name: volume, emptyDir: {} })),
          },
        },
      },
    });
    this.service = new ExposedService(this, 'service', {
      name: service.name,
      place,
      pods: name,
      port,
      portName: 'http',
      exposure: service.exposure,
    });
    new HorizontalPodAutoscalerV2(this, 'autoscaler', {
      metadata: metadata(name, place, selector),
      spec: {
        minReplicas: scaling.min,
        maxReplicas: scaling.max,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: workload.metadata.name },
        metric: (
          [
            ['cpu', scaling.cpuPercent],
            ['memory', scaling.memoryPercent],
          ] as const
        ).map(([resource, percent]) => ({
          type: 'Resource',
          resource: { name: resource, target: { type: 'Utilization', averageUtilization: percent } },
        })),
      },
    });
    new PodDisruptionBudgetV1(this, 'disruption', {
      metadata: metadata(name, place, selector),
      spec: { maxUnavailable: '1', selector: { matchLabels: selector } },
    });
  }
}

function probe({ path, host, delay, period = 10, failures = 3 }: Probe, port: number) {
  return {
    httpGet: { path, port: String(port), ...(host === undefined ? {} : { httpHeader: [{ name: 'Host', value: host }] }) },
    initialDelaySeconds: delay,
    periodSeconds: period,
    failureThreshold: failures,
    timeoutSeconds: 5,
  };
}

/** `/app/.next/cache` → `app-next-cache` */
function volumeName(path: string): string {
  return path.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
}
