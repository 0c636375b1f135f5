import { awsRegion } from '../../region';

/** US East 1, two zones; private before public, as the addresses were given out. */
export const region = awsRegion({
  region: 'us-east-1',
  zones: ['us-east-1a', 'us-east-1b'],
  cidr: '10.0.0.0/16',
  private: ['10.0.1.0/24', '10.0.2.0/24'],
  public: ['10.0.10.0/24', '10.0.11.0/24'],
});
