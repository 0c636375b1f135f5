/** Values above which an alarm goes off. */
export interface Thresholds {
  /** Per cent of a service's CPU and memory. */
  readonly cpu: number;
  readonly memory: number;
  /** Per cent of requests answered with 5xx. */
  readonly errorRate: number;
  /** Seconds until the answer, p99 and average. */
  readonly latencySeconds: number;
  /** Per cent of the database's CPU. */
  readonly databaseCpu: number;
  /** Per cent of the connections that the database's class takes. */
  readonly databaseConnections: number;
}

export interface MonitoringNeeds {
  readonly thresholds: Thresholds;
  /** Periods in a row that must be above a threshold. @default 1 */
  readonly periods?: number;
  /** Share of requests that are traced. @default 0.5 */
  readonly samplingRate?: number;
}

/** What is watched, and from when on somebody is called. */
export function monitoring(needs: MonitoringNeeds) {
  return {
    thresholds: needs.thresholds,
    periods: needs.periods ?? 1,
    periodSeconds: 60,
    samplingRate: needs.samplingRate ?? 0.5,
    /** Words in a log line that are counted. */
    logMetrics: [
      { metric: 'ErrorCount', pattern: '"ERROR"' },
      { metric: 'WarningCount', pattern: '"WARN"' },
    ],
  };
}

/** What Prometheus watches where the hosts are one's own: how often, how long it remembers, and when it warns. */
export interface HostWatchNeeds {
  /** Per cent of processor, memory and connections of the database in use, and of a disk. */
  readonly thresholds: { readonly cpu: number; readonly memory: number; readonly databaseConnections: number; readonly disk: number };
  /** @default 15 */
  readonly retentionDays?: number;
}

export function hostWatch(needs: HostWatchNeeds) {
  return {
    thresholds: needs.thresholds,
    scrapeSeconds: 15,
    retentionDays: needs.retentionDays ?? 15,
    /** How long a service may be away, and how long before its end a certificate must have been renewed. */
    downMinutes: 2,
    certificateDays: 7,
  };
}

/** Memory of an instance class in GiB; PostgreSQL of RDS and Aurora takes one connection for each 9531392 bytes, at most 5000. */
const memoryOfClass: Readonly<Record<string, number>> = {
  'db.t3.medium': 4,
  'db.t4g.medium': 4,
  'db.t4g.large': 8,
  'db.r6g.large': 16,
  'db.r6g.xlarge': 32,
  'db.r6g.2xlarge': 64,
};

/** Connections that PostgreSQL of RDS and Aurora takes by default on an instance class (`LEAST(memory / 9531392, 5000)`). Raises an error for a class that is not listed. */
export function maxConnections(instanceClass: string): number {
  const memory = memoryOfClass[instanceClass];
  if (memory === undefined) throw new Error(`no memory known for ${instanceClass}: add it to envcommon/monitoring.ts`);
  return Math.min(Math.floor((memory * 1024 ** 3) / 9_531_392), 5000);
}
