import { instanceFor, type InstanceSize } from '../../../modules/supabase/postgres';
import type { RedisRegion } from '../../../modules/upstash/redis';
import { databaseConnectionShare } from './observability';

/** What the system is built for. */
interface Capacity {
  readonly concurrentUsers: number;
  readonly requestsPerSecond: number;
  readonly databaseConnections: number;
  readonly storageGb: number;
}

/** The capacity targets of the system's document, column by column. An environment moves from one to the other by one word. */
export const capacity = {
  current: { concurrentUsers: 100, requestsPerSecond: 50, databaseConnections: 20, storageGb: 1 },
  target: { concurrentUsers: 10_000, requestsPerSecond: 5000, databaseConnections: 100, storageGb: 100 },
} as const satisfies Readonly<Record<string, Capacity>>;

export type CapacityStage = keyof typeof capacity;

/** From this share of what the system is built for, somebody should look. */
const warningShare = 0.8;

/** Requests a second from which the cache answers from more than one more region, and grows by itself. */
const manyRequests = 1000;

/** What is made from a column of the table. */
export interface Sizes {
  readonly poolSize: number;
  readonly instanceSize: InstanceSize;
  readonly redis: {
    readonly readRegions: readonly RedisRegion[];
    readonly autoScale: boolean;
    /** Dollars a month. */
    readonly budget: number;
    readonly highAvailability: boolean;
  };
  /** Values above which the monitor raises an alert. */
  readonly thresholds: {
    readonly databaseConnections: number;
    readonly requestsPerSecond: number;
    readonly storageBytes: number;
  };
}

/** Sizes and thresholds of a column. Users are not counted anywhere: they show in requests and connections. */
export function sizesOf(stage: CapacityStage): Sizes {
  const { requestsPerSecond, databaseConnections, storageGb } = capacity[stage];
  const large = requestsPerSecond >= manyRequests;
  return {
    poolSize: databaseConnections,
    instanceSize: instanceFor(databaseConnections),
    redis: {
      readRegions: large ? ['ap-northeast-1', 'eu-central-1', 'us-east-1'] : ['ap-northeast-1'],
      autoScale: large,
      budget: large ? 360 : 20,
      highAvailability: large,
    },
    thresholds: {
      databaseConnections: Math.floor(databaseConnectionShare * databaseConnections),
      requestsPerSecond: Math.floor(warningShare * requestsPerSecond),
      storageBytes: Math.floor(warningShare * storageGb * 1e9),
    },
  };
}
