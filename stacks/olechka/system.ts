import { StateBackendUnit } from '../../backend/state-unit';
import type { TreeApp } from '../../terrace/tree/app';
import type { UnitTable } from '../../terrace/tree/region';
import { System } from '../../terrace/tree/system';
import { env as dev } from './dev/env';
import { region as devAp } from './dev/ap-southeast-1/region';
import { region as devEu } from './dev/eu-central-1/region';
import { region as devGlobal } from './dev/global/region';
import { envcommonValues } from './envcommon-values';
import { OlechkaEnvironment, OlechkaGlobal, OlechkaRegion } from './olechka-unit';
import { env as production } from './production/env';
import { region as productionAp } from './production/ap-southeast-1/region';
import { region as productionEu } from './production/eu-central-1/region';
import { region as productionGlobal } from './production/global/region';
import { root } from './root';
import { env as staging } from './staging/env';
import { region as stagingAp } from './staging/ap-southeast-1/region';
import { region as stagingEu } from './staging/eu-central-1/region';
import { region as stagingGlobal } from './staging/global/region';
import { AlbUnit } from './units/network/alb';
import { EndpointsUnit } from './units/network/endpoints';
import { SecurityGroupsUnit } from './units/network/security-groups';
import { VpcUnit } from './units/network/vpc';
import { KmsUnit } from './units/security/kms';

/** The units of every region. */
const regionUnits: UnitTable = {
  'backend/state': StateBackendUnit,
  'network/vpc': VpcUnit,
  'network/security-groups': SecurityGroupsUnit,
  'network/endpoints': EndpointsUnit,
  'network/alb': AlbUnit,
  'security/kms': KmsUnit,
};

/** The units that an environment has once. */
const globalUnits: UnitTable = {};

export function olechka(app: TreeApp): System {
  const system = new System(app, root);
  for (const [layer, values] of Object.entries(envcommonValues([dev, staging, production]))) system.envcommon.set(layer, values);
  for (const [values, global, ...regions] of [
    [dev, devGlobal, devEu, devAp],
    [staging, stagingGlobal, stagingEu, stagingAp],
    [production, productionGlobal, productionEu, productionAp],
  ] as const) {
    const environment = new OlechkaEnvironment(system, values);
    new OlechkaGlobal(environment, global, globalUnits);
    for (const region of regions) new OlechkaRegion(environment, region, regionUnits);
  }
  return system;
}
