import { ActionsEnvironmentSecret } from '@cdktf/provider-github/lib/actions-environment-secret';
import { ActionsEnvironmentVariable } from '@cdktf/provider-github/lib/actions-environment-variable';
import { declareOutputs, text } from 'terrace';

import { BackupBucket } from '../../../../modules/cloudflare/backup-bucket';
import { BucketToken } from '../../../../modules/cloudflare/bucket-token';
import { AstralerUnit, type AstralerRegion } from '../../astraler-unit';
import { backupEnvironment, backupLocation, lockedDays, secretsDays } from '../../topology/backup';
import { DatabaseBackupUnit } from './database';

const outputs = declareOutputs({ bucketName: text('astraler-production-backup-secrets') });

/** The vault: encrypted copies of the secrets, which nobody can delete for a month, and the weekly workflow's key to write them. */
export class SecretsBackupUnit extends AstralerUnit<typeof outputs> {
  constructor(region: AstralerRegion, id: string) {
    super(region, id, outputs);
    const accountId = this.useCloudflareAccount();
    this.useGithub();
    // The environment of the workflows is that unit's.
    this.dependency(region.unit(DatabaseBackupUnit));
    const { bucket } = new BackupBucket(this, 'vault', {
      accountId,
      name: `${this.prefix}-backup-secrets`,
      jurisdiction: 'default',
      location: backupLocation,
      coldAfter: 0,
      expiries: [{ id: 'old-secrets', prefix: '', days: secretsDays }],
      locks: [{ prefix: '', days: lockedDays.secrets }],
      protect: this.environment.protect,
    });
    const key = new BucketToken(this, 'key', {
      accountId,
      name: `${this.prefix}-backup-secrets`,
      bucketName: bucket.name,
      access: 'write',
    });
    const inside = { repository: this.root.repository.name, environment: backupEnvironment(this.prefix) };
    new ActionsEnvironmentSecret(this, 'access-key-id', { ...inside, secretName: 'VAULT_ACCESS_KEY_ID', plaintextValue: key.accessKeyId });
    new ActionsEnvironmentSecret(this, 'secret-access-key', {
      ...inside,
      secretName: 'VAULT_SECRET_ACCESS_KEY',
      plaintextValue: key.secretAccessKey,
    });
    new ActionsEnvironmentVariable(this, 'bucket', { ...inside, variableName: 'VAULT_BUCKET', value: bucket.name });
    this.outputs({ bucketName: bucket.name });
  }
}
