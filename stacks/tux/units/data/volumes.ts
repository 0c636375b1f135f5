import { declareOutputs, number, text } from 'terrace';

import { ProtectedVolume } from '../../../../modules/hetzner/volume';
import { TuxUnit, type TuxRegion } from '../../tux-unit';

const outputs = declareOutputs({
  postgresId: number(1),
  postgresDevice: text('/dev/disk/by-id/scsi-0HC_Volume_1'),
  redisId: number(2),
  redisDevice: text('/dev/disk/by-id/scsi-0HC_Volume_2'),
  filesId: number(3),
  filesDevice: text('/dev/disk/by-id/scsi-0HC_Volume_3'),
});

/** The volumes of database, cache and uploaded files; they outlive their servers, which is why they are a unit of their own. */
export class VolumesUnit extends TuxUnit<typeof outputs> {
  constructor(region: TuxRegion, id: string) {
    super(region, id, outputs);
    this.useHetzner();
    const volume = (name: 'postgres' | 'redis' | 'files'): ProtectedVolume =>
      new ProtectedVolume(this, name, {
        name: `${this.prefix}-${name}`,
        size: this.environment.volumes[name],
        location: region.place.location,
        labels: { ...this.labels, volume: name },
        protect: this.environment.protect,
      });
    const postgres = volume('postgres');
    const redis = volume('redis');
    const files = volume('files');
    this.outputs({
      postgresId: postgres.id,
      postgresDevice: postgres.volume.linuxDevice,
      redisId: redis.id,
      redisDevice: redis.volume.linuxDevice,
      filesId: files.id,
      filesDevice: files.volume.linuxDevice,
    });
  }
}
