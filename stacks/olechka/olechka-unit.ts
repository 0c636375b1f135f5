import { AwsProvider } from '@cdktf/provider-aws/lib/provider';

import { Environment } from '../../terrace/tree/environment';
import type { Outputs } from '../../terrace/tree/outputs';
import { Region } from '../../terrace/tree/region';
import type { System } from '../../terrace/tree/system';
import { Unit } from '../../terrace/tree/unit';
import type { OlechkaEnvironmentValues, OlechkaRegionValues } from './values';

export class OlechkaEnvironment extends Environment<OlechkaEnvironmentValues, System> {}
export class OlechkaRegion extends Region<OlechkaRegionValues, OlechkaEnvironment> {}

/** A unit of olechka: its default AWS provider works in its region's account and tags everything. */
export abstract class OlechkaUnit<O extends Outputs = Outputs> extends Unit<O, OlechkaRegion> {
  readonly aws: AwsProvider;

  constructor(region: OlechkaRegion, id: string, outputs: O) {
    super(region, id, outputs);
    this.aws = new AwsProvider(this, 'aws', {
      region: region.values.awsRegion,
      allowedAccountIds: [region.environment.stateAccountId],
      defaultTags: [{ tags: this.tags }],
    });
  }
}
