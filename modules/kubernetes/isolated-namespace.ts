import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { NetworkPolicyV1 } from '@cdktf/provider-kubernetes/lib/network-policy-v1';
import { Construct } from 'constructs';

import { type Labels, metadata } from './metadata';

export interface IsolatedNamespaceOptions {
  readonly name: string;
  readonly labels: Labels;
  /** Pod Security Standard that the API server enforces. */
  readonly podSecurity: 'restricted' | 'baseline' | 'privileged';
}

/** A namespace into which nothing is let in but what a policy of its own allows. What leaves it is not restricted. */
export class IsolatedNamespace extends Construct {
  readonly namespace: NamespaceV1;

  constructor(scope: Construct, id: string, { name, labels, podSecurity }: IsolatedNamespaceOptions) {
    super(scope, id);
    this.namespace = new NamespaceV1(this, 'namespace', {
      metadata: metadata(name, { labels }, { 'pod-security.kubernetes.io/enforce': podSecurity }),
    });
    new NetworkPolicyV1(this, 'default-deny', {
      metadata: metadata('default-deny', { namespace: this.name, labels }),
      spec: { podSelector: {}, policyTypes: ['Ingress'] },
    });
  }

  get name(): string {
    return this.namespace.metadata.name;
  }
}
