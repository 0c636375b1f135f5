import { declareOutputs, text } from 'terrace';

import { BackupBucket } from '../../../../modules/cloudflare/backup-bucket';
import { BucketToken } from '../../../../modules/cloudflare/bucket-token';
import { DeploymentEnvironment } from '../../../../modules/github/deployment-environment';
import { AstralerUnit, type AstralerRegion } from '../../astraler-unit';
import { backupEnvironment, backupLocation, dumpDays, lockedDays } from '../../topology/backup';

const outputs = declareOutputs({ bucketName: text('astraler-production-backup-database') });

/** Where dumps of the database go, and what the daily workflow needs to write them: its key is made and handed to GitHub here. */
export class DatabaseBackupUnit extends AstralerUnit<typeof outputs> {
  constructor(region: AstralerRegion, id: string) {
    super(region, id, outputs);
    const accountId = this.useCloudflareAccount();
    this.useGithub();
    const { protect, branch } = this.environment;
    const { bucket } = new BackupBucket(this, 'dumps', {
      accountId,
      name: `${this.prefix}-backup-database`,
      jurisdiction: 'default',
      location: backupLocation,
      coldAfter: 0,
      expiries: Object.entries(dumpDays).map(([folder, days]) => ({ id: `${folder}-dumps`, prefix: `${folder}/`, days })),
      locks: [
        { prefix: 'daily/', days: lockedDays.daily },
        { prefix: 'weekly/', days: lockedDays.weekly },
      ],
      protect,
    });
    const key = new BucketToken(this, 'key', {
      accountId,
      name: `${this.prefix}-backup-database`,
      bucketName: bucket.name,
      access: 'write',
    });
    new DeploymentEnvironment(this, 'workflow', {
      repository: this.root.repository.name,
      name: backupEnvironment(this.prefix),
      protectedBranches: branch !== null,
      secrets: {
        DATABASE_URL: this.secret('backup_database_url', 'URL of the session pooler for pg_dump, including the password'),
        DUMP_ACCESS_KEY_ID: key.accessKeyId,
        DUMP_SECRET_ACCESS_KEY: key.secretAccessKey,
      },
      variables: {
        DUMP_BUCKET: bucket.name,
        R2_ENDPOINT: `https://${accountId}.r2.cloudflarestorage.com`,
        AGE_RECIPIENT: this.variable('backup_age_recipient', { description: 'Public age key that backups are encrypted with' }).stringValue,
      },
    });
    this.outputs({ bucketName: bucket.name });
  }
}
