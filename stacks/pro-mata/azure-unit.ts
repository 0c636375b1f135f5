import { createHash } from 'node:crypto';

import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformVariable } from 'cdktf';
import { Environment, type Outputs, Region, Unit } from 'terrace';

import { administratorValidation } from '../../modules/azure/checks';
import type { Place } from '../../modules/azure/security-group';
import { root } from './root';
import { clusterOf, type Cluster } from './topology/cluster';
import type { AzureRegionValues, DevValues } from './values';

export class DevEnvironment extends Environment<DevValues> {}

export class AzureRegion extends Region<AzureRegionValues, DevEnvironment> {
  /** The machines and their addresses. */
  get cluster(): Cluster {
    return clusterOf(this.environment.values, this.values);
  }
}

/** Terraform variable of the networks that may log in. */
const administratorsVariable = 'admin_cidrs';

/** A unit of development. Azure has no default tags: what a unit makes gets `tags` by hand. */
export abstract class AzureUnit<O extends Outputs = Outputs> extends Unit<O, AzureRegion> {
  /** What the environment decides. */
  get settings(): DevValues {
    return this.region.environment.values;
  }

  /** `promata-dev`, after the kind in each name. */
  get base(): string {
    return `${root.project}-${this.settings.environment}`;
  }

  /** Six hexadecimal digits of the subscription, for names that are unique in the world. */
  get suffix(): string {
    return createHash('sha256').update(this.settings.account.id).digest('hex').slice(0, 6);
  }

  placeIn(resourceGroup: string): Place {
    return { resourceGroup, location: this.region.values.location, tags: this.tags };
  }

  protected useAzure(): void {
    new AzurermProvider(this, 'azurerm', {
      subscriptionId: this.settings.account.id,
      // The providers of a subscription are registered once, by its owner.
      resourceProviderRegistrations: 'none',
      // Storage accounts here have no keys, and are not reached from where terraform runs.
      storageUseAzuread: true,
      features: [{ storage: [{ dataPlaneAvailable: false }], keyVault: [{ purgeSoftDeleteOnDestroy: false }] }],
    });
  }

  /** The networks that may log in and reach the vault: literals where the environment names them, else the variable. */
  protected administrators(): string[] {
    const { adminCidrs } = this.settings;
    if (adminCidrs !== undefined) return [...adminCidrs];
    const variable = new TerraformVariable(this, administratorsVariable, {
      type: 'list(string)',
      description: 'IPv4 CIDRs of administrators and pipelines, which may connect by SSH and reach the Key Vault',
      validation: [...administratorValidation(administratorsVariable)],
    });
    variable.overrideLogicalId(administratorsVariable);
    return variable.listValue;
  }
}
