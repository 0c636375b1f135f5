import { EcsCluster } from '@cdktf/provider-aws/lib/ecs-cluster';
import { EcsClusterCapacityProviders } from '@cdktf/provider-aws/lib/ecs-cluster-capacity-providers';
import { ServiceDiscoveryPrivateDnsNamespace } from '@cdktf/provider-aws/lib/service-discovery-private-dns-namespace';
import { Construct } from 'constructs';

/** One share of the tasks: `base` of them first, then by weight. */
export interface CapacityShare {
  readonly provider: 'FARGATE' | 'FARGATE_SPOT';
  readonly weight: number;
  /** @default 0 */
  readonly base?: number;
}

export interface FargateClusterProps {
  readonly name: string;
  readonly capacity: readonly CapacityShare[];
  /** Private DNS zone of a VPC in which services find each other. @default none */
  readonly discovery?: { readonly vpcId: string; readonly namespace: string };
}

/** An ECS cluster without machines of its own, with Container Insights and, where asked for, a private DNS namespace for its services. */
export class FargateCluster extends Construct {
  readonly arn: string;
  readonly name: string;
  /** Empty without discovery. */
  readonly namespaceId: string;

  constructor(scope: Construct, id: string, props: FargateClusterProps) {
    super(scope, id);
    const cluster = new EcsCluster(this, 'cluster', { name: props.name, setting: [{ name: 'containerInsights', value: 'enabled' }] });
    new EcsClusterCapacityProviders(this, 'capacity', {
      clusterName: cluster.name,
      capacityProviders: props.capacity.map((share) => share.provider),
      defaultCapacityProviderStrategy: capacityStrategy(props.capacity),
    });
    const namespace =
      props.discovery === undefined
        ? undefined
        : new ServiceDiscoveryPrivateDnsNamespace(this, 'namespace', {
            name: props.discovery.namespace,
            description: `services of ${props.name}`,
            vpc: props.discovery.vpcId,
          });
    this.arn = cluster.arn;
    this.name = cluster.name;
    this.namespaceId = namespace?.id ?? '';
  }
}

/** The shares as the bindings write a capacity provider strategy. */
export function capacityStrategy(shares: readonly CapacityShare[]): { capacityProvider: string; weight: number; base: number }[] {
  return shares.map(({ provider, weight, base = 0 }) => ({ capacityProvider: provider, weight, base }));
}
