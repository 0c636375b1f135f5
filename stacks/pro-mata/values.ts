import type { EnvironmentValues, RegionValues } from 'terrace';

import type { ContainerNeeds, ServiceNeeds } from '../../envcommon/compute';
import type { HostWatchNeeds, MonitoringNeeds } from '../../envcommon/monitoring';
import type { LoadBalancerNeeds, NetworkSettings, TrafficNeeds } from '../../envcommon/network';
import type { CacheNeeds, InstanceNeeds, PostgresNeeds } from '../../envcommon/storage';
import type { ProductService } from './topology/product';

/** What both environments decide about the product. */
interface ProductValues extends EnvironmentValues {
  /** Tag of the image that each service runs; releasing is changing it. */
  readonly images: Readonly<Record<ProductService, string>>;
  /** Settings of the services that anybody may read, as environment variables. A secret here is refused. */
  readonly settings: Readonly<Record<ProductService, Readonly<Record<string, string>>>>;
}

/** What development on Azure decides. */
export interface DevValues extends ProductValues {
  readonly environment: 'dev';
  /** A name of DuckDNS. */
  readonly domain: `${string}.duckdns.org`;
  readonly vmSize: string;
  /** Machines beside the manager, 1 to 9. */
  readonly workerCount: number;
  /** IPv4 blocks that may log in by SSH and reach the Key Vault. @default the terraform variable `admin_cidrs`, which has no default */
  readonly adminCidrs?: readonly string[];
  readonly systemDiskGb: number;
  readonly containers: Readonly<Record<ProductService, ContainerNeeds>>;
  readonly database: PostgresNeeds;
  readonly watch: HostWatchNeeds;
  readonly secretRetentionDays: number;
}

/** What production on AWS decides. */
export interface ProdValues extends ProductValues {
  readonly environment: 'prod';
  /** The public names; the first is the zone. */
  readonly domains: { readonly site: string; readonly api: string };
  readonly traffic: TrafficNeeds;
  readonly loadBalancer: LoadBalancerNeeds;
  readonly service: ServiceNeeds;
  readonly database: InstanceNeeds;
  readonly cache: CacheNeeds;
  readonly monitoring: MonitoringNeeds;
  readonly keys: { readonly deletionWindowDays: number };
  readonly secrets: { readonly recoveryWindowDays: number };
  /** Terraform refuses to destroy database, key and zone. */
  readonly protect: boolean;
}

/** An Azure location with the network of its machines. */
export interface AzureRegionValues extends RegionValues {
  readonly location: string;
  readonly network: { readonly cidr: string; readonly subnets: { readonly swarm: string; readonly database: string } };
}

/** An AWS region with its network. */
export interface AwsRegionValues extends RegionValues {
  readonly awsRegion: string;
  readonly availabilityZones: readonly string[];
  readonly network: NetworkSettings;
}
