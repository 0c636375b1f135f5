import { ComputeNetwork } from '@cdktf/provider-google/lib/compute-network';
import { ComputeRouter } from '@cdktf/provider-google/lib/compute-router';
import { ComputeRouterNat } from '@cdktf/provider-google/lib/compute-router-nat';
import { ComputeSubnetwork } from '@cdktf/provider-google/lib/compute-subnetwork';
import { Construct } from 'constructs';

/** The address blocks of one cluster, all inside one network. */
export interface ClusterAddresses {
  readonly network: string;
  readonly nodes: string;
  readonly pods: string;
  readonly services: string;
  /** Of the control plane; a /28. */
  readonly controlPlane: string;
}

export interface ClusterNetworkOptions {
  readonly name: string;
  readonly region: string;
  readonly addresses: ClusterAddresses;
}

/** Names of the subnet's ranges for pods and services. */
export const secondaryRanges = { pods: 'pods', services: 'services' } as const;

/** A network of its own for one cluster. Nodes have no public address: they reach registries through NAT, Google's services privately. */
export class ClusterNetwork extends Construct {
  readonly network: ComputeNetwork;
  readonly subnet: ComputeSubnetwork;

  constructor(scope: Construct, id: string, { name, region, addresses }: ClusterNetworkOptions) {
    super(scope, id);
    this.network = new ComputeNetwork(this, 'network', { name, autoCreateSubnetworks: false, routingMode: 'REGIONAL' });
    this.subnet = new ComputeSubnetwork(this, 'nodes', {
      name: `${name}-nodes`,
      network: this.network.id,
      region,
      ipCidrRange: addresses.nodes,
      privateIpGoogleAccess: true,
      secondaryIpRange: [
        { rangeName: secondaryRanges.pods, ipCidrRange: addresses.pods },
        { rangeName: secondaryRanges.services, ipCidrRange: addresses.services },
      ],
      logConfig: { aggregationInterval: 'INTERVAL_10_MIN', flowSampling: 0.5, metadata: 'INCLUDE_ALL_METADATA' },
    });
    const router = new ComputeRouter(this, 'router', { name, region, network: this.network.id });
    new ComputeRouterNat(this, 'nat', {
      name,
      region,
      router: router.name,
      natIpAllocateOption: 'AUTO_ONLY',
      sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES',
      logConfig: { enable: true, filter: 'ERRORS_ONLY' },
    });
  }
}
