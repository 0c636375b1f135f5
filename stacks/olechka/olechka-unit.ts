import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Environment, type Outputs, Region, Unit } from 'terrace';

import { Names } from './names';
import type { OlechkaEnvironmentValues, OlechkaGlobalValues, OlechkaRegionValues } from './values';

export class OlechkaEnvironment extends Environment<OlechkaEnvironmentValues> {}
export class OlechkaRegion extends Region<OlechkaRegionValues, OlechkaEnvironment> {}
export class OlechkaGlobal extends Region<OlechkaGlobalValues, OlechkaEnvironment> {}

/** A unit of olechka: its default AWS provider works in its region's account and tags everything. */
export abstract class OlechkaUnit<O extends Outputs = Outputs, R extends OlechkaRegion | OlechkaGlobal = OlechkaRegion> extends Unit<O, R> {
  readonly aws: AwsProvider;
  readonly names: Names;

  constructor(region: R, id: string, outputs: O) {
    super(region, id, outputs);
    const { environment } = region;
    this.names = new Names({ environment: environment.name, account: environment.stateAccountId, region: region.values.awsRegion });
    this.aws = new AwsProvider(this, 'aws', {
      region: region.values.awsRegion,
      allowedAccountIds: [this.account],
      defaultTags: [{ tags: this.tags }],
    });
  }

  /** 12 digits. */
  get account(): string {
    return this.region.environment.stateAccountId;
  }

  /** The AWS region. */
  get awsRegion(): string {
    return this.region.values.awsRegion;
  }

  /** What the environment decides. */
  get settings(): OlechkaEnvironmentValues {
    return this.region.environment.values;
  }
}
