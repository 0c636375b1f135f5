import type { EnvironmentValues, RegionValues } from '../../terrace/tree/values';

/** What an environment of olechka decides. */
export interface OlechkaEnvironmentValues extends EnvironmentValues {
  readonly environment: 'dev' | 'staging' | 'production';
}

/** What a region of olechka decides. */
export interface OlechkaRegionValues extends RegionValues {
  readonly awsRegion: string;
  readonly availabilityZones: readonly string[];
}
