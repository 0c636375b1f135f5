import { stateRegion } from '../../root';
import type { AstraRegionValues } from '../../values';

export const region: AstraRegionValues = { region: 'global', awsRegion: stateRegion, stateRegion };
