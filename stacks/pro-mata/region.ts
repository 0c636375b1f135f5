import { addresses, type NetworkSettings } from '../../envcommon/network';
import { stateRegion } from './root';
import type { AwsRegionValues, AzureRegionValues } from './values';

/** An Azure location: its folder has the location's name; its states are elsewhere. */
export function azureRegion(place: {
  readonly location: string;
  readonly cidr: string;
  readonly swarm: string;
  readonly database: string;
}): AzureRegionValues {
  const { location, cidr, swarm, database } = place;
  return {
    region: location,
    stateRegion,
    location,
    network: { cidr, subnets: { swarm, database } },
    networks: [
      {
        unit: 'network/vnet',
        cidr,
        subnets: [
          { name: 'swarm', cidr: swarm },
          { name: 'database', cidr: database },
        ],
      },
    ],
  };
}

/** An AWS region with one public and one private subnet in each zone. */
export function awsRegion(place: {
  readonly region: string;
  readonly zones: readonly string[];
  readonly cidr: string;
  readonly private: readonly string[];
  readonly public: readonly string[];
}): AwsRegionValues {
  const network: NetworkSettings = {
    cidr: place.cidr,
    zones: place.zones,
    tiers: [
      { name: 'private', cidrs: place.private, route: 'nat' },
      { name: 'public', cidrs: place.public, route: 'internet' },
    ],
  };
  return {
    region: place.region,
    awsRegion: place.region,
    availabilityZones: place.zones,
    network,
    networks: [addresses('network/vpc', network)],
  };
}
