import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Environment, type Outputs, Region, Unit } from 'terrace';

import { AwsNames } from './names';
import type { AwsRegionValues, ProdValues } from './values';

export class ProdEnvironment extends Environment<ProdValues> {}
export class AwsRegion extends Region<AwsRegionValues, ProdEnvironment> {}

/** A unit of production: its AWS provider works in the region's account and tags everything. */
export abstract class AwsUnit<O extends Outputs = Outputs> extends Unit<O, AwsRegion> {
  readonly names: AwsNames;

  constructor(region: AwsRegion, id: string, outputs: O) {
    super(region, id, outputs);
    this.names = new AwsNames(region.environment.name, this.awsRegion);
    new AwsProvider(this, 'aws', {
      region: this.awsRegion,
      allowedAccountIds: [this.account],
      defaultTags: [{ tags: this.tags }],
    });
  }

  /** 12 digits. */
  get account(): string {
    return this.region.environment.stateAccountId;
  }

  get awsRegion(): string {
    return this.region.values.awsRegion;
  }

  /** What the environment decides. */
  get settings(): ProdValues {
    return this.region.environment.values;
  }
}
