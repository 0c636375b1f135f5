import { zoneName } from '../root';
import type { AstralerEnvironmentValues } from '../values';
import { account } from './account';

export const env: AstralerEnvironmentValues = {
  environment: 'preview',
  account,
  hostname: `*.preview.${zoneName}`,
  branch: null,
  protect: false,
  capacity: 'current',
};
