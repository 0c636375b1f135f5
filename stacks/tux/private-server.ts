import { Token } from 'cdktf';

import { CloudServer } from '../../modules/hetzner/server';
import { userDataOf, userDataReserve } from './rendering/user-data';
import { image } from './root';
import type { Host } from './topology/hosts';
import type { TuxUnit } from './tux-unit';

/** What every server of the private subnet takes from the network and the bastion. */
export interface PrivateServerNeeds {
  readonly privateSubnetId: string;
  /** Id of the operators' SSH key at Hetzner. */
  readonly operatorId: string;
  /** The operators' public key. */
  readonly operatorLine: string;
}

export interface PrivateServerOptions {
  /** @default false */
  readonly backups?: boolean;
  readonly placementGroupId?: number;
}

/** A server without a public interface: reached through the bastion, and out through it. */
export class PrivateServer extends CloudServer {
  constructor(unit: TuxUnit, host: Host, needs: PrivateServerNeeds, options: PrivateServerOptions = {}) {
    const { environment, region } = unit;
    super(unit, host.id, {
      name: host.name,
      serverType: environment.serverTypes[host.role],
      location: region.place.location,
      image,
      subnetId: needs.privateSubnetId,
      address: host.address,
      sshKeyIds: [needs.operatorId],
      userData: userDataOf(region.plan, host, needs.operatorLine),
      userDataReserve,
      labels: { ...unit.labels, role: host.role, exposure: 'private' },
      protect: environment.protect,
      ...options,
    });
  }

  /** Numeric id. */
  get id(): number {
    return Token.asNumber(this.server.id);
  }
}
