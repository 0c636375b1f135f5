import { fullRegion } from '../../values';

export const region = fullRegion({
  region: 'ap-southeast-1',
  cidr: '10.21.0.0/16',
  recovery: { side: 'standby', otherRegion: 'eu-central-1' },
});
