import { fullRegion } from '../../values';

export const region = fullRegion({
  region: 'eu-central-1',
  cidr: '10.20.0.0/16',
  recovery: { side: 'primary', otherRegion: 'ap-southeast-1' },
});
