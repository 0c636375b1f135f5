import type { OlechkaRegionValues } from '../../values';

export const region: OlechkaRegionValues = {
  region: 'eu-central-1',
  awsRegion: 'eu-central-1',
  availabilityZones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
};
