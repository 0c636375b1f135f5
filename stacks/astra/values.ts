import type { EnvironmentValues, RegionValues } from 'terrace';

import type { ExposureOf } from '../../envcommon/exposure';
import type { ServerNeeds, StackNeeds, WebNeeds } from '../../envcommon/kubernetes';
import type { ClusterAddresses } from '../../modules/google/cluster-network';
import type { NodeSettings } from '../../modules/google/gke-cluster';

/** A GKE cluster of the environment's own. */
export interface ClusterSettings {
  readonly name: string;
  readonly nodes: NodeSettings;
  /** Refuses deletion. */
  readonly protect: boolean;
}

/** An image without its tag, and the tag that is deployed where the pipeline sets none. */
export interface ImageSettings {
  readonly repository: string;
  /** @default none: the variable of the tag must be given */
  readonly tag?: string;
}

/** What an environment of astra decides; everything else comes from envcommon. */
export interface AstraEnvironmentValues extends EnvironmentValues {
  readonly environment: 'development' | 'staging' | 'production';
  /** A cluster to be made, or one that is there and whose address, authority and token come as variables. */
  readonly cluster: ClusterSettings | 'existing';
  /** Who is reached from outside; envcommon/exposure.ts says how far this may go. */
  readonly exposure: ExposureOf;
  readonly images: { readonly frontend: ImageSettings; readonly backend: ImageSettings; readonly postgres: string };
  /** What an image's tag may be: anything that is exact in CI, or a release. */
  readonly tags: 'any' | 'release';
  readonly frontend: WebNeeds;
  readonly backend: WebNeeds;
  readonly database: ServerNeeds & { readonly name: string };
  readonly monitoring: StackNeeds;
  /** Metrics of the database itself, by an exporter. @default false */
  readonly postgresExporter?: boolean;
}

/** What a region of astra decides; `global` has no cluster. */
export interface AstraRegionValues extends RegionValues {
  readonly stateRegion: string;
  readonly place?: ClusterPlace;
}

/** Where a cluster is, and its addresses. */
export interface ClusterPlace {
  readonly region: string;
  readonly zone: string;
  readonly addresses: ClusterAddresses;
}
