import type { OlechkaRegionValues } from '../../values';

export const region: OlechkaRegionValues = {
  region: 'ap-southeast-1',
  awsRegion: 'ap-southeast-1',
  availabilityZones: ['ap-southeast-1a', 'ap-southeast-1b', 'ap-southeast-1c'],
};
