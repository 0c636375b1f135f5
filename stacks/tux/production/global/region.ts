import { stateRegion } from '../../root';
import type { TuxRegionValues } from '../../values';

export const region: TuxRegionValues = {
  region: 'global',
  awsRegion: stateRegion,
  stateRegion,
};
