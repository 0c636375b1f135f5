import { Token } from 'cdktf';
import { Construct } from 'constructs';

import { Volume } from '../../.gen/providers/hcloud/volume';
import { VolumeAttachment } from '../../.gen/providers/hcloud/volume-attachment';
import type { Location } from './locations';

export interface ProtectedVolumeOptions {
  readonly name: string;
  /** GB, 10 to 10240. */
  readonly size: number;
  readonly location: Location;
  readonly labels: Record<string, string>;
  /** Refuses deletion, at Hetzner and in a plan. */
  readonly protect: boolean;
}

/**
 * A block volume without a file system: configuration management encrypts it before it formats it. It outlives the server that it is
 * attached to. Sizes only grow.
 */
export class ProtectedVolume extends Construct {
  readonly volume: Volume;

  constructor(scope: Construct, id: string, options: ProtectedVolumeOptions) {
    super(scope, id);
    const { name, size, location, labels, protect } = options;
    this.volume = new Volume(this, 'volume', {
      name,
      size,
      location,
      labels,
      deleteProtection: protect,
      ...(protect ? { lifecycle: { preventDestroy: true } } : {}),
    });
  }

  get id(): number {
    return Token.asNumber(this.volume.id);
  }
}

/** Attaches a volume to a server; the host mounts it itself, once it is unlocked. */
export function attachVolume(scope: Construct, id: string, volumeId: number, serverId: number): VolumeAttachment {
  return new VolumeAttachment(scope, id, { volumeId, serverId, automount: false });
}
