import { Token } from 'cdktf';
import { Construct } from 'constructs';

import { LoadBalancer } from '../../.gen/providers/hcloud/load-balancer';
import { LoadBalancerNetwork } from '../../.gen/providers/hcloud/load-balancer-network';
import { LoadBalancerService } from '../../.gen/providers/hcloud/load-balancer-service';
import { LoadBalancerTargetA } from '../../.gen/providers/hcloud/load-balancer-target';
import type { Location } from './locations';

/** Seconds between checks, seconds to wait for an answer, failures before a target is taken out. */
export interface HealthCheckTiming {
  readonly interval: number;
  readonly timeout: number;
  readonly retries: number;
}

export interface PassThroughLoadBalancerOptions {
  readonly name: string;
  readonly type: 'lb11' | 'lb21' | 'lb31';
  readonly location: Location;
  readonly subnetId: string;
  /** Its private address: the source of everything that the targets see. */
  readonly address: string;
  /** Servers by name, reached over their private addresses. */
  readonly targets: Readonly<Record<string, number>>;
  readonly healthCheck: HealthCheckTiming;
  /** Path that answers 2xx or 3xx over plain HTTP when the target is well. */
  readonly healthPath: string;
  readonly labels: Record<string, string>;
  /** Refuses deletion, at Hetzner and in a plan. */
  readonly protect: boolean;
}

/**
 * A load balancer that never sees inside TLS: 443 is passed through as TCP with the proxy protocol, so that the targets hold the
 * certificate, check the client's and still learn its address; 80 is HTTP, which the targets answer with a redirect.
 */
export class PassThroughLoadBalancer extends Construct {
  readonly balancer: LoadBalancer;

  constructor(scope: Construct, id: string, options: PassThroughLoadBalancerOptions) {
    super(scope, id);
    const { name, type, location, subnetId, address, targets, healthCheck, healthPath, labels, protect } = options;
    this.balancer = new LoadBalancer(this, 'balancer', {
      name,
      loadBalancerType: type,
      location,
      algorithm: { type: 'round_robin' },
      labels,
      deleteProtection: protect,
      ...(protect ? { lifecycle: { preventDestroy: true } } : {}),
    });
    const loadBalancerId = Token.asNumber(this.balancer.id);
    const attachment = new LoadBalancerNetwork(this, 'network', { loadBalancerId, subnetId, ip: address, enablePublicInterface: true });
    for (const [target, serverId] of Object.entries(targets))
      new LoadBalancerTargetA(this, `target-${target}`, {
        type: 'server',
        loadBalancerId,
        serverId,
        usePrivateIp: true,
        dependsOn: [attachment],
      });
    new LoadBalancerService(this, 'http', {
      loadBalancerId: this.balancer.id,
      protocol: 'http',
      listenPort: 80,
      destinationPort: 80,
      healthCheck: { protocol: 'http', port: 80, ...healthCheck, http: { path: healthPath, statusCodes: ['2??', '3??'] } },
    });
    new LoadBalancerService(this, 'https', {
      loadBalancerId: this.balancer.id,
      protocol: 'tcp',
      listenPort: 443,
      destinationPort: 443,
      proxyprotocol: true,
      healthCheck: { protocol: 'tcp', port: 443, ...healthCheck },
    });
  }
}
