import type { EnvironmentValues, RegionValues } from 'terrace';

import type { Location, NetworkZone } from '../../modules/hetzner/locations';
import type { Role } from './topology/hosts';

/** The volumes of an environment. */
export type VolumeName = 'postgres' | 'redis' | 'files' | 'backup';

/** What an environment of tux decides. */
export interface TuxEnvironmentValues extends EnvironmentValues {
  readonly environment: 'staging' | 'production';
  /** The public name, in the zone of the system. */
  readonly hostname: string;
  /** Servers, network, load balancer, volumes and buckets refuse deletion, and database and cache have image backups. */
  readonly protect: boolean;
  readonly serverTypes: Readonly<Record<Role, string>>;
  readonly loadBalancerType: 'lb11' | 'lb21' | 'lb31';
  /** GB of each volume. */
  readonly volumes: Readonly<Record<VolumeName, number>>;
  /** Servers that follow the database. @default 0 */
  readonly databaseReplicas?: number;
}

/** What a region of tux decides; `global` has neither location nor addresses. */
export interface TuxRegionValues extends RegionValues {
  readonly stateRegion: string;
  readonly place?: TuxPlace;
}

/** Where the servers of a region are, and their addresses. */
export interface TuxPlace {
  readonly networkZone: NetworkZone;
  readonly location: Location;
  readonly network: string;
  readonly publicSubnet: string;
  readonly privateSubnet: string;
}
