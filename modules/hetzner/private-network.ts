import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { refuse } from 'terrace';

import { Network } from '../../.gen/providers/hcloud/network';
import { NetworkRoute } from '../../.gen/providers/hcloud/network-route';
import { NetworkSubnet } from '../../.gen/providers/hcloud/network-subnet';
import { routeProblems } from './checks';
import type { NetworkZone } from './locations';

export interface PrivateNetworkOptions<S extends string> {
  readonly name: string;
  /** Block of the whole network. */
  readonly ipRange: string;
  readonly networkZone: NetworkZone;
  /** Blocks of the subnets by name. */
  readonly subnets: Readonly<Record<S, string>>;
  /** Private address of the server that forwards and masquerades for hosts without a public interface. @default no route out */
  readonly egressGateway?: string;
  readonly labels: Record<string, string>;
  /** Refuses deletion, at Hetzner and in a plan. */
  readonly protect: boolean;
}

/**
 * One private network with its cloud subnets and, where a gateway is named, the default route through it. Hetzner routes every
 * packet between hosts at layer 3 and filters none of them: what may reach what is the business of the host firewalls.
 * Raises E2410 when the gateway cannot be one.
 */
export class PrivateNetwork<S extends string> extends Construct {
  readonly network: Network;
  readonly subnets: Readonly<Record<S, NetworkSubnet>>;
  readonly defaultRoute: NetworkRoute | undefined;

  constructor(scope: Construct, id: string, options: PrivateNetworkOptions<S>) {
    super(scope, id);
    const { name, ipRange, networkZone, egressGateway, labels, protect } = options;
    if (egressGateway !== undefined) refuse(routeProblems(this.node.path, ipRange, egressGateway));
    this.network = new Network(this, 'network', {
      name,
      ipRange,
      labels,
      deleteProtection: protect,
      ...(protect ? { lifecycle: { preventDestroy: true } } : {}),
    });
    const networkId = Token.asNumber(this.network.id);
    const entries = (Object.entries(options.subnets) as [S, string][]).map(
      ([subnet, block]) =>
        [subnet, new NetworkSubnet(this, `${subnet}-subnet`, { networkId, type: 'cloud', networkZone, ipRange: block })] as const,
    );
    this.subnets = Object.fromEntries(entries) as Record<S, NetworkSubnet>;
    this.defaultRoute =
      egressGateway === undefined
        ? undefined
        : new NetworkRoute(this, 'default-route', {
            networkId,
            destination: '0.0.0.0/0',
            gateway: egressGateway,
            dependsOn: entries.map(([, subnet]) => subnet),
          });
  }
}
