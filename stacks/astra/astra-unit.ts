import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { Environment, type Outputs, Region, Unit } from 'terrace';

import { labelsOf } from '../../modules/google/labels';
import type { Labels } from '../../modules/kubernetes/metadata';
import type { AstraEnvironmentValues, AstraRegionValues, ClusterPlace } from './values';

export class AstraEnvironment extends Environment<AstraEnvironmentValues> {}

export class AstraRegion extends Region<AstraRegionValues, AstraEnvironment> {
  /** Where its cluster is. Throws a RangeError for `global`. */
  get place(): ClusterPlace {
    if (this.values.place === undefined) throw new RangeError(`${this.path} has no cluster`);
    return this.values.place;
  }
}

/** A unit of astra. */
export abstract class AstraUnit<O extends Outputs = Outputs> extends Unit<O, AstraRegion> {
  get environment(): AstraEnvironmentValues {
    return this.region.environment.values;
  }

  /** Labels of every object in the cluster; a planned environment says so on each. */
  get labels(): Labels {
    return {
      'app.kubernetes.io/part-of': this.region.environment.system.values.project,
      'app.kubernetes.io/managed-by': 'terrace',
      environment: this.environment.environment,
      ...this.plannedMark,
    };
  }

  /** Labels of what is made at Google. */
  get googleLabels(): Record<string, string> {
    return { ...labelsOf(this.tags), ...this.plannedMark };
  }

  /** Works in the environment's Google project, with the credentials of the shell. */
  protected useGoogle(): void {
    const { region, zone } = this.region.place;
    new GoogleProvider(this, 'google', { project: this.environment.account.id, region, zone });
  }

  private get plannedMark(): Record<string, string> {
    return this.environment.planned === true ? { planned: 'true' } : {};
  }
}
