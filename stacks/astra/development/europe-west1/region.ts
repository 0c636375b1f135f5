import { clusterRegionOf } from '../../region';

export const region = clusterRegionOf(40);
