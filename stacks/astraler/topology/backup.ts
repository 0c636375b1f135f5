/** The backups of the system's document, row by row. */
export const backups = {
  database: { title: 'Database', method: 'pg_dump', frequency: 'Daily', location: 'R2 bucket' },
  files: { title: 'Files', method: 'R2 replication', frequency: 'Real-time', location: 'Multi-region' },
  configs: { title: 'Configs', method: 'Git', frequency: 'On change', location: 'GitHub' },
  secrets: { title: 'Secrets', method: 'Encrypted backup', frequency: 'Weekly', location: 'Secure vault' },
} as const;

/** Days that a dump is kept, by the folder it lies in: one of each day for a week, one of each week for a month. */
export const dumpDays = { daily: 7, weekly: 30 } as const;

/** Days that the encrypted secrets are kept: three months, longer than a rotation of keys. */
export const secretsDays = 90;

/** Days in which nobody deletes or overwrites a backup, whoever holds the keys. */
export const lockedDays = { daily: 6, weekly: 28, secrets: 28 } as const;

/** Where backups lie, and copies of files: far from the database. */
export const backupLocation = 'weur' as const;

/** GitHub's environment whose secrets the backup workflows use. */
export function backupEnvironment(prefix: string): string {
  return `${prefix}-backup`;
}
