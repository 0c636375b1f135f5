import { stateRegion } from '../../root';
import type { AstralerRegionValues } from '../../values';

/** Holds the bucket of all states, so it has an AWS region. */
export const region: AstralerRegionValues = { region: 'global', awsRegion: stateRegion, stateRegion };
