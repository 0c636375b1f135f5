import type { OlechkaEnvironmentValues } from '../values';
import { account } from './account';

export const env: OlechkaEnvironmentValues = {
  environment: 'dev',
  account,
};
