import { Construct } from 'constructs';
import { refuse } from 'terrace';

import { Server } from '../../.gen/providers/hcloud/server';
import { serverTypeProblems, userDataProblems } from './checks';
import type { Location } from './locations';

export interface CloudServerOptions {
  readonly name: string;
  readonly serverType: string;
  readonly location: Location;
  readonly image: string;
  /** Id of the subnet, `<network id>-<block>`. */
  readonly subnetId: string;
  /** Fixed address in that subnet. */
  readonly address: string;
  /** True gives it a public IPv4 and IPv6 address; a host without one reaches the internet through the network's NAT server. @default false */
  readonly publicInterface?: boolean;
  readonly sshKeyIds: readonly string[];
  /** cloud-init, at most 32 KiB. */
  readonly userData: string;
  /** Bytes of the user data that terraform adds when it fills in variables. @default 0 */
  readonly userDataReserve?: number;
  readonly labels: Record<string, string>;
  /** Hetzner's daily image backups (seven are kept). @default false */
  readonly backups?: boolean;
  readonly placementGroupId?: number;
  /** Refuses deletion and rebuilding, at Hetzner and in a plan. */
  readonly protect: boolean;
}

/**
 * A server with one fixed private address. Its user data and SSH keys count at first boot only; a later change of either must not
 * replace a running machine, so they are ignored and configuration management carries them on.
 * Raises E2401, E2402 or E2407 for its type and E2405 for user data that is too long.
 */
export class CloudServer extends Construct {
  readonly server: Server;

  constructor(scope: Construct, id: string, options: CloudServerOptions) {
    super(scope, id);
    const {
      name,
      serverType,
      location,
      image,
      subnetId,
      address,
      publicInterface = false,
      sshKeyIds,
      userData,
      labels,
      backups = false,
      placementGroupId,
      protect,
    } = options;
    refuse([...serverTypeProblems(this.node.path, options), ...userDataProblems(this.node.path, name, userData, options.userDataReserve)]);
    this.server = new Server(this, 'server', {
      name,
      serverType,
      location,
      image,
      sshKeys: [...sshKeyIds],
      userData,
      labels,
      backups,
      deleteProtection: protect,
      rebuildProtection: protect,
      publicNet: [{ ipv4Enabled: publicInterface, ipv6Enabled: publicInterface }],
      network: [{ subnetId, ip: address }],
      ...(placementGroupId === undefined ? {} : { placementGroupId }),
      lifecycle: { ignoreChanges: ['user_data', 'ssh_keys'], ...(protect ? { preventDestroy: true } : {}) },
    });
  }
}
