import { homeRegion } from '../../root';
import type { OlechkaRegionValues } from '../../values';

export const region: OlechkaRegionValues = {
  region: 'global',
  awsRegion: homeRegion,
  availabilityZones: [],
};
