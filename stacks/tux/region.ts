import { stateRegion } from './root';
import type { TuxPlace, TuxRegionValues } from './values';

/** The values of a region with servers: its folder is the network zone. */
export function tuxRegion(place: TuxPlace): TuxRegionValues {
  return {
    region: place.networkZone,
    stateRegion,
    place,
    networks: [
      {
        unit: 'network/private-network',
        cidr: place.network,
        subnets: [
          { name: 'public', cidr: place.publicSubnet },
          { name: 'private', cidr: place.privateSubnet },
        ],
      },
    ],
  };
}
