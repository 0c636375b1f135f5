import type { Role } from './hosts';

export type BackupSource = 'database' | 'configuration' | 'secrets' | 'user-data';

/** What one role's hosts back up, and when (systemd calendar, UTC). */
export interface BackupJob {
  readonly source: BackupSource;
  readonly title: string;
  readonly roles: readonly Role[];
  readonly schedule: string;
  /** Folders; a database is dumped into one first. */
  readonly paths: readonly string[];
}

export const backupJobs: readonly BackupJob[] = [
  { source: 'user-data', title: 'User Generated Content', roles: ['db'], schedule: '*-*-* 02:30:00', paths: ['/srv/files'] },
  { source: 'database', title: 'Database Data', roles: ['db'], schedule: '*-*-* 03:00:00', paths: ['/var/backups/tux/database'] },
  {
    source: 'configuration',
    title: 'Configuration Files',
    roles: ['bastion', 'web', 'db', 'redis', 'monitoring'],
    schedule: '*-*-* 04:15:00',
    paths: ['/etc', '/opt/tux'],
  },
  {
    source: 'secrets',
    title: 'Secrets/Keys',
    roles: ['web', 'db', 'redis', 'monitoring'],
    schedule: '*-*-* 04:30:00',
    paths: ['/opt/tux-secrets'],
  },
];

/** Snapshots that are kept, by age. */
export const retention = { daily: 7, weekly: 4, monthly: 6, yearly: 1 } as const;

/** Days after which the archive gets a copy of a month's first snapshot, and for which nobody can delete it. */
export const archive = { schedule: '*-*-01 05:00:00', lockedFor: 365, coldAfter: 1 } as const;
