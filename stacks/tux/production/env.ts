import { zoneName } from '../root';
import type { TuxEnvironmentValues } from '../values';
import { account } from './account';

export const env: TuxEnvironmentValues = {
  environment: 'production',
  account,
  protected: true,
  hostname: `tux.${zoneName}`,
  protect: true,
  serverTypes: { bastion: 'cx23', web: 'cx33', db: 'cx33', redis: 'cx33', monitoring: 'cx33' },
  loadBalancerType: 'lb21',
  volumes: { postgres: 100, redis: 20, files: 100, backup: 200 },
};
