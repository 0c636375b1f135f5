import { fullRegion } from '../../values';

export const region = fullRegion({
  region: 'ap-southeast-1',
  cidr: '10.11.0.0/16',
});
