import { ServiceV1 } from '@cdktf/provider-kubernetes/lib/service-v1';
import { Construct } from 'constructs';

import { metadata, nameLabel, type ObjectPlace } from './metadata';

/** How a service is reached: from anywhere through a load balancer of its own, inside the cluster only, or through an ingress. */
export type Exposure = 'load-balancer' | 'cluster-ip' | 'ingress';

export interface ExposedServiceOptions {
  readonly name: string;
  readonly place: ObjectPlace;
  /** Name label of the pods that answer. */
  readonly pods: string;
  readonly port: number;
  /** Name of the port, by which monitors find it. */
  readonly portName: string;
  readonly exposure: Exposure;
  /** Networks that may use the load balancer. @default every address */
  readonly sourceRanges?: string[];
}

/**
 * A service on the port of its pods. Behind an ingress it is reached inside the cluster only. A load balancer keeps the client's
 * address (`externalTrafficPolicy: Local`), so that network policies and logs see who asks.
 */
export class ExposedService extends Construct {
  readonly service: ServiceV1;

  constructor(scope: Construct, id: string, options: ExposedServiceOptions) {
    super(scope, id);
    const { name, place, pods, port, portName, exposure, sourceRanges } = options;
    this.service = new ServiceV1(this, 'service', {
      metadata: metadata(name, place, { [nameLabel]: pods }),
      spec: {
        type: exposure === 'load-balancer' ? 'LoadBalancer' : 'ClusterIP',
        selector: { [nameLabel]: pods },
        port: [{ name: portName, port, targetPort: String(port), protocol: 'TCP' }],
        ...(exposure === 'load-balancer' ? { externalTrafficPolicy: 'Local' } : {}),
        ...(exposure === 'load-balancer' && sourceRanges !== undefined ? { loadBalancerSourceRanges: sourceRanges } : {}),
      },
    });
  }

  get name(): string {
    return this.service.metadata.name;
  }
}
