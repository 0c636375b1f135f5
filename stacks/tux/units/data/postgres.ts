import { declareOutputs, number } from 'terrace';

import { attachVolume } from '../../../../modules/hetzner/volume';
import { PrivateServer } from '../../private-server';
import { hostsOf, isStandby } from '../../topology/hosts';
import { TuxUnit, type TuxRegion } from '../../tux-unit';
import { BastionUnit } from '../compute/bastion';
import { PrivateNetworkUnit } from '../network/private-network';
import { VolumesUnit } from './volumes';

const outputs = declareOutputs({ serverId: number(1) });

/** The database server with its volume and that of the uploaded files, and its standbys where the environment has any. */
export class PostgresUnit extends TuxUnit<typeof outputs> {
  constructor(region: TuxRegion, id: string) {
    super(region, id, outputs);
    this.useHetzner();
    const { privateSubnetId } = this.dependency(region.unit(PrivateNetworkUnit));
    const { operatorId, operatorLine } = this.dependency(region.unit(BastionUnit));
    const volumes = this.dependency(region.unit(VolumesUnit));
    const servers = hostsOf(region.plan, 'db').map((host) => ({
      host,
      server: new PrivateServer(this, host, { privateSubnetId, operatorId, operatorLine }, { backups: this.environment.protect }),
    }));
    for (const { host, server } of servers) {
      if (isStandby(host)) continue;
      attachVolume(this, 'data', volumes.postgresId, server.id);
      attachVolume(this, 'files', volumes.filesId, server.id);
      this.outputs({ serverId: server.id });
    }
  }
}
