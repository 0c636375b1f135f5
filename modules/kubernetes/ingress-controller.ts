import { Construct } from 'constructs';

import { Chart } from './chart';
import { type Labels, nameLabel } from './metadata';

/** Name of the ingress class that the controller answers for. */
export const ingressClass = 'nginx';

/** The labels of the controller's pods, and the ports that they listen on. */
export const controllerPods: Labels = { [nameLabel]: 'ingress-nginx', 'app.kubernetes.io/component': 'controller' };
export const controllerPorts = [80, 443] as const;

export interface IngressControllerOptions {
  readonly namespace: string;
  readonly labels: Labels;
  readonly chartVersion: string;
  readonly replicas: number;
}

/**
 * ingress-nginx with a load balancer in front: the only way in. Its admission webhook is off, so that the control plane needs no way to it;
 * what it would refuse, terraform's types and the review do.
 */
export class IngressController extends Construct {
  readonly chart: Chart;

  constructor(scope: Construct, id: string, { namespace, labels, chartVersion, replicas }: IngressControllerOptions) {
    super(scope, id);
    this.chart = new Chart(this, 'chart', {
      name: 'ingress-nginx',
      namespace,
      repository: 'https://kubernetes.github.io/ingress-nginx',
      chart: 'ingress-nginx',
      version: chartVersion,
      values: {
        commonLabels: labels,
        controller: {
          replicaCount: replicas,
          ingressClassResource: { name: ingressClass, default: false },
          service: { type: 'LoadBalancer', externalTrafficPolicy: 'Local' },
          admissionWebhooks: { enabled: false },
          allowSnippetAnnotations: false,
          containerPort: { http: controllerPorts[0], https: controllerPorts[1] },
          config: { 'hide-headers': 'Server,X-Powered-By', 'ssl-redirect': 'true' },
          resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
        },
      },
    });
  }
}
