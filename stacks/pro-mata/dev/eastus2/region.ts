import { azureRegion } from '../../region';

/** East US 2; everything in 10.1.0.0/16. */
export const region = azureRegion({
  location: 'eastus2',
  cidr: '10.1.0.0/16',
  swarm: '10.1.1.0/24',
  database: '10.1.2.0/24',
});
