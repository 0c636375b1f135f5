import { declareOutputs, number } from 'terrace';

import { attachVolume } from '../../../../modules/hetzner/volume';
import { PrivateServer } from '../../private-server';
import { hostCalled } from '../../topology/hosts';
import { TuxUnit, type TuxRegion } from '../../tux-unit';
import { BastionUnit } from '../compute/bastion';
import { PrivateNetworkUnit } from '../network/private-network';
import { VolumesUnit } from './volumes';

const outputs = declareOutputs({ serverId: number(1) });

/** The cache server with its volume. */
export class RedisUnit extends TuxUnit<typeof outputs> {
  constructor(region: TuxRegion, id: string) {
    super(region, id, outputs);
    this.useHetzner();
    const { privateSubnetId } = this.dependency(region.unit(PrivateNetworkUnit));
    const { operatorId, operatorLine } = this.dependency(region.unit(BastionUnit));
    const volumes = this.dependency(region.unit(VolumesUnit));
    const server = new PrivateServer(
      this,
      hostCalled(region.plan, 'redis'),
      { privateSubnetId, operatorId, operatorLine },
      { backups: this.environment.protect },
    );
    attachVolume(this, 'data', volumes.redisId, server.id);
    this.outputs({ serverId: server.id });
  }
}
