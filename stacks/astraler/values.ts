import type { EnvironmentValues, RegionValues, RootValues } from 'terrace';

import type { ZonePlan } from '../../modules/cloudflare/rate-limits';
import type { InstanceSize } from '../../modules/supabase/postgres';
import type { CapacityStage } from './topology/capacity';

export type EnvironmentName = 'preview' | 'staging' | 'production';

/** What the whole system decides, because its zone, its repository and its alerts exist once. */
export interface AstralerRootValues extends RootValues {
  readonly zonePlan: ZonePlan;
  /** Requests in a minute, by address. */
  readonly rateLimits: Readonly<Record<'auth' | 'authenticated' | 'unauthenticated' | 'webhooks', number>>;
  /** Where the administration of production is; open to listed addresses only. */
  readonly adminHostname: string;
  readonly repository: { readonly owner: string; readonly name: string };
  readonly sentryOrganization: string;
  /** Takes the alerts that have a day's time. */
  readonly alertMail: string;
}

/** What an environment of astraler decides. */
export interface AstralerEnvironmentValues extends EnvironmentValues {
  readonly environment: EnvironmentName;
  /** The public name, in the zone of the system; `*.` before it for one name per pull request. */
  readonly hostname: string;
  /** Git branch that is deployed here; null where every pull request is. */
  readonly branch: string | null;
  /** Databases, buckets and zone refuse deletion. */
  readonly protect: boolean;
  /** Which column of the capacity table sizes are made from. */
  readonly capacity: CapacityStage;
  /** Size of the database, where it is to be another than the capacity asks for. @default the smallest that carries the pool */
  readonly instanceSize?: InstanceSize;
}

/** What a region of astraler decides: everything is under `global`. */
export interface AstralerRegionValues extends RegionValues {
  readonly stateRegion: string;
}
