import { zoneName } from '../root';
import type { TuxEnvironmentValues } from '../values';
import { account } from './account';

export const env: TuxEnvironmentValues = {
  environment: 'staging',
  account,
  hostname: `staging.tux.${zoneName}`,
  protect: false,
  serverTypes: { bastion: 'cx23', web: 'cx23', db: 'cx23', redis: 'cx23', monitoring: 'cx23' },
  loadBalancerType: 'lb11',
  volumes: { postgres: 20, redis: 10, files: 20, backup: 40 },
};
