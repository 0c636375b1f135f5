import { IngressV1 } from '@cdktf/provider-kubernetes/lib/ingress-v1';
import { declareOutputs, text } from 'terrace';

import { chartVersions } from '../../../../envcommon/kubernetes';
import { AllowedEdge } from '../../../../modules/kubernetes/allowed-edge';
import { controllerPorts, ingressClass, IngressController } from '../../../../modules/kubernetes/ingress-controller';
import { IsolatedNamespace } from '../../../../modules/kubernetes/isolated-namespace';
import { metadata } from '../../../../modules/kubernetes/metadata';
import { OpaqueSecret } from '../../../../modules/kubernetes/opaque-secret';
import type { AstraRegion } from '../../astra-unit';
import { ClusterUnit } from '../../cluster-unit';
import { namespaces, podsOf, workloads } from '../../topology';
import { FrontendUnit } from '../apps/frontend';
import { NetworkPoliciesUnit } from '../security/network-policies';

const outputs = declareOutputs({ hostname: text('astra.example') });

/** The only way in: a load balancer, the ingress controller behind it, and one rule that leads to the frontend over TLS. */
export class IngressUnit extends ClusterUnit<typeof outputs> {
  constructor(region: AstraRegion, id: string) {
    super(region, id, outputs);
    this.useCluster({ helm: true });
    const { applicationsNamespace } = this.dependency(region.unit(NetworkPoliciesUnit));
    const { serviceName } = this.dependency(region.unit(FrontendUnit));
    const { labels } = this;
    const namespace = new IsolatedNamespace(this, 'namespace', { name: namespaces.ingress, labels, podSecurity: 'baseline' });
    new AllowedEdge(this, 'anywhere-to-ingress-controller', {
      name: 'anywhere-to-ingress-controller',
      namespace: namespace.name,
      labels,
      to: podsOf['ingress-controller'],
      from: 'anywhere',
      ports: controllerPorts,
    });
    const controller = new IngressController(this, 'controller', {
      namespace: namespace.name,
      labels,
      chartVersion: chartVersions['ingress-nginx'],
      replicas: this.environment.frontend.pods.min,
    });
    const place = { namespace: applicationsNamespace, labels };
    const certificate = new OpaqueSecret(this, 'certificate', {
      name: 'frontend-tls',
      type: 'kubernetes.io/tls',
      place,
      values: {
        'tls.crt': this.variable('tls_certificate', { description: 'TLS certificate for the public name, as PEM', sensitive: true }),
        'tls.key': this.variable('tls_private_key', { description: 'Private key of the TLS certificate, as PEM', sensitive: true }),
      },
    });
    const hostname = this.variable('hostname', { description: 'Public host name of the frontend' }).stringValue;
    new IngressV1(this, 'frontend', {
      metadata: metadata('frontend', place),
      spec: {
        ingressClassName: ingressClass,
        tls: [{ hosts: [hostname], secretName: certificate.name }],
        rule: [
          {
            host: hostname,
            http: {
              path: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name: serviceName, port: { number: workloads.frontend.port } } },
                },
              ],
            },
          },
        ],
      },
      dependsOn: [controller.chart.release],
    });
    this.outputs({ hostname });
  }
}
