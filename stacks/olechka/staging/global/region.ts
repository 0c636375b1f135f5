import { homeRegion } from '../../root';
import type { OlechkaGlobalValues } from '../../values';

export const region: OlechkaGlobalValues = {
  region: 'global',
  awsRegion: homeRegion,
};
