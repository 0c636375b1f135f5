import { stateRegion } from '../../root';
import type { AstralerRegionValues } from '../../values';

export const region: AstralerRegionValues = { region: 'global', stateRegion };
