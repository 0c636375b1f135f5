import type { EnvironmentValues, RegionValues } from 'terrace';

import { addresses, network, type LoadBalancerNeeds, type NetworkSettings, type TrafficNeeds } from '../../envcommon/network';
import type { ServiceNeeds } from '../../envcommon/compute';
import type { MonitoringNeeds } from '../../envcommon/monitoring';
import type { BucketNeeds, CacheNeeds, DatabaseNeeds } from '../../envcommon/storage';

/** What an environment of olechka decides; everything else comes from envcommon. */
export type OlechkaEnvironmentValues = EnvironmentSettings & Reservation;

/** Reserving capacity spends money on apply and cannot be undone: only production can ask for it. */
type Reservation =
  | { readonly environment: 'dev' | 'staging'; readonly reservedCapacity: false }
  | { readonly environment: 'production'; readonly reservedCapacity: boolean };

interface EnvironmentSettings extends EnvironmentValues {
  readonly traffic: TrafficNeeds;
  readonly loadBalancer: LoadBalancerNeeds;
  readonly keys: { readonly deletionWindowDays: number; readonly multiRegion: boolean };
  readonly secrets: {
    readonly recoveryWindowDays: number;
    /** Days between rotations. @default never */
    readonly rotation?: { readonly databaseDays: number; readonly jwtDays: number };
  };
  readonly service: ServiceNeeds;
  /** Tag of the image that each service runs; releasing is changing it. */
  readonly images: { readonly api: string; readonly worker: string };
  readonly database: DatabaseNeeds;
  readonly cache: CacheNeeds;
  readonly buckets: BucketNeeds;
  readonly monitoring: MonitoringNeeds;
  /** Terraform refuses to destroy databases, keys and data buckets. docs/olechka.md says how to lift it. */
  readonly preventDestroy: boolean;
}

/** The other side of disaster recovery, and which side this region is. */
export interface Recovery {
  readonly side: 'primary' | 'standby';
  readonly otherRegion: string;
}

/** What a region of olechka decides. */
export interface OlechkaRegionValues extends RegionValues {
  readonly awsRegion: string;
  readonly availabilityZones: readonly string[];
  readonly network: NetworkSettings;
  /** @default the region stands alone */
  readonly recovery?: Recovery;
}

/** What the folder of an environment's single units decides. */
export interface OlechkaGlobalValues extends RegionValues {
  readonly region: 'global';
  readonly awsRegion: string;
}

export interface RegionNeeds {
  readonly region: string;
  /** Block of the VPC, a /16. */
  readonly cidr: string;
  readonly recovery?: Recovery;
}

/** A full region with its first three zones and the address plan of its block. */
export function fullRegion({ region, cidr, recovery }: RegionNeeds): OlechkaRegionValues {
  const zones = ['a', 'b', 'c'].map((letter) => `${region}${letter}`);
  const plan = network({ cidr, zones });
  return {
    region,
    awsRegion: region,
    availabilityZones: zones,
    network: plan,
    networks: [addresses('network/vpc', plan)],
    ...(recovery === undefined ? {} : { recovery }),
  };
}
