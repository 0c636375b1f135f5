import { Construct } from 'constructs';
import { refuse, type Problem } from 'terrace';

import { RedisDatabase } from '../../.gen/providers/upstash/redis-database';

/** Regions of Upstash's global databases (upstash.com/docs/redis/features/globaldatabase). */
const regions = [
  'us-east-1',
  'us-west-1',
  'us-west-2',
  'eu-west-1',
  'eu-central-1',
  'ap-south-1',
  'ap-northeast-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'sa-east-1',
] as const;

export type RedisRegion = (typeof regions)[number];

export interface GlobalRedisOptions {
  readonly name: string;
  /** Takes the writes. */
  readonly primaryRegion: RedisRegion;
  /** Answer reads close to who asks. */
  readonly readRegions: readonly RedisRegion[];
  /** Whether the plan grows instead of refusing. */
  readonly autoScale: boolean;
  /** Dollars a month at which Upstash stops. */
  readonly budget: number;
  /** High availability in each region. */
  readonly highAvailability: boolean;
  /** Refuses a plan that would delete the database. */
  readonly protect: boolean;
}

/** A Redis database that is one cluster over several regions, TLS only; the oldest entries go when it is full. Raises E2907. */
export class GlobalRedis extends Construct {
  readonly database: RedisDatabase;

  constructor(scope: Construct, id: string, options: GlobalRedisOptions) {
    super(scope, id);
    refuse(regionProblems(options));
    this.database = new RedisDatabase(this, 'database', {
      databaseName: options.name,
      region: 'global',
      primaryRegion: options.primaryRegion,
      readRegions: [...options.readRegions],
      tls: true,
      eviction: true,
      autoScale: options.autoScale,
      budget: options.budget,
      prodPack: options.highAvailability,
      ...(options.protect ? { lifecycle: { preventDestroy: true } } : {}),
    });
  }
}

/** E2907 where a read region is the primary one or is named twice. */
export function regionProblems({
  name,
  primaryRegion,
  readRegions,
}: Pick<GlobalRedisOptions, 'name' | 'primaryRegion' | 'readRegions'>): readonly Problem[] {
  const all = [primaryRegion, ...readRegions];
  return all
    .filter((region, index) => all.indexOf(region) !== index)
    .map((region) => ({
      code: 'E2907',
      title: 'duplicate read region',
      place: name,
      found: `${region} is ${region === primaryRegion ? 'the primary region' : 'listed twice'}`,
      todo: 'take it out of readRegions',
    }));
}
