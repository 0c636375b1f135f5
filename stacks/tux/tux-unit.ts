import { CloudflareProvider } from '@cdktf/provider-cloudflare/lib/provider';
import { Environment, type Outputs, Region, Unit } from 'terrace';

import { HcloudProvider } from '../../.gen/providers/hcloud/provider';
import { labelsOf } from '../../modules/hetzner/labels';
import { addressPlan, type AddressPlan } from './topology/hosts';
import type { TuxEnvironmentValues, TuxPlace, TuxRegionValues } from './values';

export class TuxEnvironment extends Environment<TuxEnvironmentValues> {}

export class TuxRegion extends Region<TuxRegionValues, TuxEnvironment> {
  /** Where its servers are. Throws a RangeError for `global`. */
  get place(): TuxPlace {
    if (this.values.place === undefined) throw new RangeError(`${this.path} has no servers`);
    return this.values.place;
  }

  /** Who has which address. */
  get plan(): AddressPlan {
    return planOf(this.environment.values, this.place);
  }
}

/** The address plan of an environment. */
export function planOf(environment: TuxEnvironmentValues, place: TuxPlace): AddressPlan {
  return addressPlan({ prefix: `tux-${environment.environment}`, ...place, databaseReplicas: environment.databaseReplicas ?? 0 });
}

/** A unit of tux. Both providers take their tokens from the environment: HCLOUD_TOKEN and CLOUDFLARE_API_TOKEN. */
export abstract class TuxUnit<O extends Outputs = Outputs> extends Unit<O, TuxRegion> {
  /** Labels of everything at Hetzner. */
  get labels(): Record<string, string> {
    return labelsOf(this.tags);
  }

  get environment(): TuxEnvironmentValues {
    return this.region.environment.values;
  }

  /** Before each name of a resource: `tux-production`. */
  get prefix(): string {
    return `tux-${this.environment.environment}`;
  }

  protected useHetzner(): void {
    new HcloudProvider(this, 'hcloud');
  }

  protected useCloudflare(): void {
    new CloudflareProvider(this, 'cloudflare');
    this.addOverride('terraform.required_providers.cloudflare.source', 'cloudflare/cloudflare');
  }
}
