import { NetworkPolicyV1 } from '@cdktf/provider-kubernetes/lib/network-policy-v1';
import { Construct } from 'constructs';

import { type Labels, metadata, namespaceLabel } from './metadata';

/** Pods by the namespace they run in and their labels. */
export interface Pods {
  readonly namespace: string;
  readonly labels: Labels;
}

export interface AllowedEdgeOptions {
  readonly name: string;
  /** The namespace of the pods that are reached, as a reference to the object. */
  readonly namespace: string;
  readonly labels: Labels;
  readonly to: Pods;
  readonly from: Pods | 'anywhere';
  /** TCP ports. */
  readonly ports: readonly number[];
}

/** The IPv4 and IPv6 networks of everybody: clusters here are IPv4 only, the second costs nothing. */
const everybody = ['0.0.0.0/0', '::/0'];

/**
 * One arrow: who may open connections to which pods on which ports. It names both ends whole (namespace and pods), so that neither a pod
 * of another namespace nor another pod of the same one is meant.
 */
export class AllowedEdge extends Construct {
  constructor(scope: Construct, id: string, { name, namespace, labels, to, from, ports }: AllowedEdgeOptions) {
    super(scope, id);
    new NetworkPolicyV1(this, 'policy', {
      metadata: metadata(name, { namespace, labels }),
      spec: {
        podSelector: { matchLabels: { ...to.labels } },
        policyTypes: ['Ingress'],
        ingress: [
          {
            ports: ports.map((port) => ({ port: String(port), protocol: 'TCP' })),
            from:
              from === 'anywhere'
                ? everybody.map((cidr) => ({ ipBlock: { cidr } }))
                : [
                    {
                      namespaceSelector: { matchLabels: { [namespaceLabel]: from.namespace } },
                      podSelector: { matchLabels: { ...from.labels } },
                    },
                  ],
          },
        ],
      },
    });
  }
}
