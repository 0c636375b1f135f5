import { any, declareOutputs, number } from 'terrace';

import { administrators } from '../../administrators';
import { PrivateServer } from '../../private-server';
import { inventoryOf } from '../../rendering/inventory';
import { hostCalled } from '../../topology/hosts';
import { TuxUnit, type TuxRegion } from '../../tux-unit';
import { BackupStorageUnit } from '../backup/storage';
import { BastionUnit } from '../compute/bastion';
import { WebUnit } from '../compute/web';
import { PostgresUnit } from '../data/postgres';
import { RedisUnit } from '../data/redis';
import { VolumesUnit } from '../data/volumes';
import { PrivateNetworkUnit } from '../network/private-network';
import { SecurityUnit } from '../security/cloudflare';

const outputs = declareOutputs({ serverId: number(1), ansibleInventory: any({ _meta: { hostvars: {} } }) });

/** The server that watches all others. It comes last, so the inventory of the whole environment is its output. */
export class MonitoringUnit extends TuxUnit<typeof outputs> {
  constructor(region: TuxRegion, id: string) {
    super(region, id, outputs);
    this.useHetzner();
    const { privateSubnetId } = this.dependency(region.unit(PrivateNetworkUnit));
    const { operatorId, operatorLine, publicAddress } = this.dependency(region.unit(BastionUnit));
    this.dependency(region.unit(WebUnit));
    this.dependency(region.unit(PostgresUnit));
    this.dependency(region.unit(RedisUnit));
    const volumes = this.dependency(region.unit(VolumesUnit));
    const storage = this.dependency(region.unit(BackupStorageUnit));
    const { originCertificate } = this.dependency(region.unit(SecurityUnit));
    const server = new PrivateServer(this, hostCalled(region.plan, 'monitoring'), { privateSubnetId, operatorId, operatorLine });
    this.outputs({
      serverId: server.id,
      ansibleInventory: inventoryOf(region.plan, this.environment, {
        bastionAddress: publicAddress,
        volumeDevices: {
          postgres: volumes.postgresDevice,
          redis: volumes.redisDevice,
          files: volumes.filesDevice,
          backup: storage.backupDevice,
        },
        originCertificate,
        backupEndpoint: storage.endpoint,
        administrators: administrators(this).listValue,
      }),
    });
  }
}
