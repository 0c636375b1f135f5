import { zoneName } from '../root';
import type { AstralerEnvironmentValues } from '../values';
import { account } from './account';

export const env: AstralerEnvironmentValues = {
  environment: 'production',
  account,
  hostname: `app.${zoneName}`,
  branch: 'main',
  protect: true,
  capacity: 'current',
};
