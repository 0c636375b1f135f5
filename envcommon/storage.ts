export interface DatabaseNeeds {
  readonly instanceClass: string;
  /** Readers beside the writer. */
  readonly readers: number;
  readonly backupDays: number;
  readonly deletionProtection: boolean;
  /** Whether a destroy leaves a snapshot behind. */
  readonly finalSnapshot: boolean;
  /** Days of Performance Insights. @default off */
  readonly performanceInsightsDays?: number;
  /** Seconds between samples of Enhanced Monitoring. @default 60 */
  readonly monitoringSeconds?: number;
  /** Days that a vault beside the cluster keeps daily backups: they outlive the cluster. @default no vault */
  readonly vaultDays?: number;
  /** Readers that load may add. @default a fixed number */
  readonly readerScaling?: { readonly min: number; readonly max: number };
  /** @default 30 */
  readonly logDays?: number;
}

/** An Aurora PostgreSQL cluster. */
export function database(needs: DatabaseNeeds) {
  return {
    ...needs,
    engineVersion: '15.4',
    backupWindow: '03:00-04:00',
    maintenanceWindow: 'sun:04:00-sun:05:00',
    monitoringSeconds: needs.monitoringSeconds ?? 60,
    logDays: needs.logDays ?? 30,
    readerCpuTarget: 70,
    /** After the cluster's own backup window would have ended on a slow day. */
    vaultSchedule: 'cron(0 6 * * ? *)',
  };
}

/** What a PostgreSQL database needs of any cloud. */
export interface PostgresNeeds {
  readonly storageGb: number;
  /** Days that backups are kept. */
  readonly backupDays: number;
}

/** The major version of every PostgreSQL database but Aurora's. */
export const postgresMajor = '17';

/** What a database of RDS needs beside it. */
export interface InstanceNeeds extends PostgresNeeds {
  readonly instanceClass: string;
  /** A standby in another zone. */
  readonly multiAz: boolean;
  /** Refuses deletion, and leaves a snapshot behind. */
  readonly protect: boolean;
  /** @default 30 */
  readonly logDays?: number;
}

/** A PostgreSQL instance of RDS; its storage may grow fourfold before somebody has to look. */
export function postgresInstance(needs: InstanceNeeds) {
  return {
    ...needs,
    engineVersion: postgresMajor,
    storage: { size: needs.storageGb, most: 4 * needs.storageGb },
    backupWindow: '03:00-04:00',
    maintenanceWindow: 'sun:04:00-sun:05:00',
    performanceInsightsDays: 7,
    monitoringSeconds: 60,
    logDays: needs.logDays ?? 30,
  };
}

/** PostgreSQL in containers with a pool before it: the image, and how many connections share how many of the database's. */
export function postgresContainer(needs: PostgresNeeds) {
  return {
    ...needs,
    image: `postgres:${postgresMajor}.6-alpine`,
    /** Every night when nobody works. */
    backupSchedule: '0 2 * * *',
    pool: { mode: 'session', size: 20, clients: 100 },
  };
}

export interface CacheNeeds {
  readonly nodeType: string;
  readonly nodes: number;
  readonly automaticFailover: boolean;
  readonly multiAz: boolean;
  /** Whether clients need a password. */
  readonly authToken: boolean;
  readonly snapshotDays: number;
  readonly finalSnapshot: boolean;
  /** @default 30 */
  readonly logDays?: number;
}

/** A Redis replication group. */
export function cache(needs: CacheNeeds) {
  return { ...needs, engineVersion: '7.1', logDays: needs.logDays ?? 30 };
}

export interface BucketNeeds {
  /** Days until objects move to cheaper classes and end. @default 30, 90 and 365 */
  readonly ages?: { readonly infrequentAccessDays: number; readonly glacierDays: number; readonly expireDays: number };
  /** Days in which new objects cannot be deleted. @default none */
  readonly lockDays?: number;
}

const ages = { infrequentAccessDays: 30, glacierDays: 90, expireDays: 365 };

/** A bucket with data. Replaced versions stay a month: time enough to notice a wrong overwrite. */
export function bucket(needs: BucketNeeds) {
  return {
    ages: { ...(needs.ages ?? ages), noncurrentDays: 30 },
    ...(needs.lockDays === undefined ? {} : { objectLock: { mode: 'GOVERNANCE' as const, days: needs.lockDays } }),
  };
}

/** Days that access logs are kept: as long as an audit usually asks back. */
export const accessLogDays = 365;
