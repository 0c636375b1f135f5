import { tuxRegion } from '../../region';

/** Everything in 10.0.0.0/16. */
export const region = tuxRegion({
  networkZone: 'eu-central',
  location: 'nbg1',
  network: '10.0.0.0/16',
  publicSubnet: '10.0.1.0/24',
  privateSubnet: '10.0.2.0/24',
});
