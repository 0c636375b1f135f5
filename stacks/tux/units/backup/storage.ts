import { declareOutputs, text } from 'terrace';

import { BackupBucket } from '../../../../modules/cloudflare/backup-bucket';
import { attachVolume, ProtectedVolume } from '../../../../modules/hetzner/volume';
import { archive } from '../../topology/backup';
import { TuxUnit, type TuxRegion } from '../../tux-unit';
import { PostgresUnit } from '../data/postgres';

const outputs = declareOutputs({
  backupDevice: text('/dev/disk/by-id/scsi-0HC_Volume_4'),
  endpoint: text('https://0123456789abcdef0123456789abcdef.eu.r2.cloudflarestorage.com'),
});

/** Folders of a restic repository that are only ever added to; its locks must stay deletable. */
const appendOnly = ['data', 'index', 'keys', 'snapshots'];

/** Where backups go: a volume beside the database, a bucket elsewhere, and an archive from which nobody deletes for a year. */
export class BackupStorageUnit extends TuxUnit<typeof outputs> {
  constructor(region: TuxRegion, id: string) {
    super(region, id, outputs);
    this.useHetzner();
    this.useCloudflare();
    const { serverId } = this.dependency(region.unit(PostgresUnit));
    const { protect, volumes } = this.environment;
    const accountId = this.variable('cloudflare_account_id', { description: 'ID of the Cloudflare account' }).stringValue;
    const local = new ProtectedVolume(this, 'local', {
      name: `${this.prefix}-backup`,
      size: volumes.backup,
      location: region.place.location,
      labels: { ...this.labels, volume: 'backup' },
      protect,
    });
    attachVolume(this, 'attachment', local.id, serverId);
    new BackupBucket(this, 'remote', { accountId, name: backupBucketName(this.prefix), coldAfter: 0, protect });
    new BackupBucket(this, 'archive', {
      accountId,
      name: archiveBucketName(this.prefix),
      coldAfter: archive.coldAfter,
      ...(protect
        ? {
            locks: region.plan.hosts.flatMap(({ name }) =>
              appendOnly.map((folder) => ({ prefix: `${name}/${folder}/`, days: archive.lockedFor })),
            ),
          }
        : {}),
      protect,
    });
    this.outputs({ backupDevice: local.volume.linuxDevice, endpoint: `https://${accountId}.eu.r2.cloudflarestorage.com` });
  }
}

export function backupBucketName(prefix: string): string {
  return `${prefix}-backup`;
}

export function archiveBucketName(prefix: string): string {
  return `${prefix}-archive`;
}
