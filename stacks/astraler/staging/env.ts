import { zoneName } from '../root';
import type { AstralerEnvironmentValues } from '../values';
import { account } from './account';

export const env: AstralerEnvironmentValues = {
  environment: 'staging',
  account,
  hostname: `staging.${zoneName}`,
  branch: 'develop',
  protect: false,
  capacity: 'current',
};
