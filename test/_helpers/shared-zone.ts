import { DataResource } from 'cdktf';

import type { TreeApp } from '../../terrace/tree/app';
import { Environment } from '../../terrace/tree/environment';
import { declareOutputs, text } from '../../terrace/tree/outputs';
import type { Project } from '../../terrace/tree/project';
import { Region } from '../../terrace/tree/region';
import { System } from '../../terrace/tree/system';
import { Unit } from '../../terrace/tree/unit';
import type { AccountValues } from '../../terrace/tree/values';

export const hubAccount = '111111111111';
export const shopAccount = '222222222222';

/** What a test changes of the two systems. */
export interface SharedZone {
  /** @default true */
  readonly shared?: boolean;
  /** @default the shop's, with the zone */
  readonly readers?: AccountValues['readers'];
  /** Account of the shop's states. @default its own */
  readonly account?: string;
}

/** A system `hub` with a zone, and a system `shop` of another account whose site reads it. */
export function sharedZoneProject(options: SharedZone = {}): Project {
  const outputs = declareOutputs({ zoneId: text('zone-0') });
  class ZoneUnit extends Unit<typeof outputs> {
    override readonly shared = options.shared ?? true;

    constructor(region: Region, id: string) {
      super(region, id, outputs);
      this.outputs({ zoneId: new DataResource(this, 'zone').id });
    }
  }
  const hub = (app: TreeApp): System => {
    const system = new System(app, { system: 'hub', project: 'hub' });
    const readers = options.readers ?? { [shopAccount]: ['global/dns/zone'] };
    const environment = new Environment(system, { environment: 'production', account: { id: hubAccount, name: 'hub', readers } });
    new Region(environment, { region: 'global', stateRegion: 'eu-central-1' }, { 'dns/zone': ZoneUnit, 'dns/other': ZoneUnit });
    return system;
  };
  class SiteUnit extends Unit {
    constructor(region: Region, id: string) {
      super(region, id, {});
      const zone = region.environment.system.other(hub).environment('production').region('global').unit(ZoneUnit, 'dns/zone');
      new DataResource(this, 'site').addOverride('input', this.dependency(zone).zoneId);
    }
  }
  const shop = (app: TreeApp): System => {
    const system = new System(app, { system: 'shop', project: 'shop' });
    const environment = new Environment(system, { environment: 'dev', account: { id: options.account ?? shopAccount, name: 'shop' } });
    new Region(environment, { region: 'eu-west-1', awsRegion: 'eu-west-1' }, { 'web/site': SiteUnit });
    return system;
  };
  return { systems: { hub: async () => hub, shop: async () => shop } };
}
