import { System, type TreeApp, type UnitTable } from 'terrace';

import { StateBackendUnit } from '../../backend/state-unit';
import { addArtifacts } from './artifacts';
import { placeProblems } from './checks';
import { envcommonValues } from './envcommon-values';
import { env as production } from './production/env';
import { region as productionRegion } from './production/eu-central/region';
import { region as productionGlobal } from './production/global/region';
import { root } from './root';
import { env as staging } from './staging/env';
import { region as stagingRegion } from './staging/eu-central/region';
import { TuxEnvironment, TuxRegion } from './tux-unit';
import { BackupStorageUnit } from './units/backup/storage';
import { BastionUnit } from './units/compute/bastion';
import { WebUnit } from './units/compute/web';
import { PostgresUnit } from './units/data/postgres';
import { RedisUnit } from './units/data/redis';
import { VolumesUnit } from './units/data/volumes';
import { DnsUnit } from './units/dns/cloudflare';
import { ZoneUnit } from './units/dns/zone';
import { MonitoringUnit } from './units/monitoring/stack';
import { FirewallUnit } from './units/network/firewall';
import { LoadBalancerUnit } from './units/network/load-balancer';
import { PrivateNetworkUnit } from './units/network/private-network';
import { SecurityUnit } from './units/security/cloudflare';
import type { TuxEnvironmentValues, TuxRegionValues } from './values';

/** The units of an environment. */
const regionUnits: UnitTable<TuxRegion> = {
  'network/private-network': PrivateNetworkUnit,
  'network/firewall': FirewallUnit,
  'network/load-balancer': LoadBalancerUnit,
  'compute/bastion': BastionUnit,
  'compute/web': WebUnit,
  'data/postgres': PostgresUnit,
  'data/redis': RedisUnit,
  'data/volumes': VolumesUnit,
  'monitoring/stack': MonitoringUnit,
  'dns/cloudflare': DnsUnit,
  'security/cloudflare': SecurityUnit,
  'backup/storage': BackupStorageUnit,
};

/** What production has for all environments. */
const globalUnits: UnitTable<TuxRegion> = {
  'backend/state': StateBackendUnit,
  'dns/zone': ZoneUnit,
};

/** The values that a system of this shape is made from; tests build it with others. */
export interface TuxValues {
  readonly production: { readonly env: TuxEnvironmentValues; readonly global: TuxRegionValues; readonly region: TuxRegionValues };
  readonly staging: { readonly env: TuxEnvironmentValues; readonly region: TuxRegionValues };
}

export const usualValues: TuxValues = {
  production: { env: production, global: productionGlobal, region: productionRegion },
  staging: { env: staging, region: stagingRegion },
};

export function tux(app: TreeApp, values: TuxValues = usualValues): System {
  const system = new System(app, root);
  const placed = [values.production, values.staging].flatMap(({ env, region }) =>
    region.place === undefined ? [] : [{ env, place: region.place }],
  );
  for (const [layer, settings] of Object.entries(envcommonValues(placed))) system.envcommon.set(layer, settings);
  const owner = new TuxEnvironment(system, values.production.env);
  new TuxRegion(owner, values.production.global, globalUnits);
  for (const [environment, region] of [
    [owner, values.production.region],
    [new TuxEnvironment(system, values.staging.env), values.staging.region],
  ] as const) {
    const placedRegion = new TuxRegion(environment, region, regionUnits);
    const problems = placeProblems(environment.values, placedRegion.place);
    for (const problem of problems) app.report(problem);
    if (problems.length === 0) addArtifacts(placedRegion);
  }
  return system;
}
