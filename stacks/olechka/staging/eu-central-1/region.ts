import { fullRegion } from '../../values';

export const region = fullRegion({
  region: 'eu-central-1',
  cidr: '10.10.0.0/16',
});
