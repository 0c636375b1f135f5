import { StateBackendUnit } from '../../backend/state-unit';
import type { TreeApp } from '../../terrace/tree/app';
import type { UnitTable } from '../../terrace/tree/region';
import { System } from '../../terrace/tree/system';
import { env as dev } from './dev/env';
import { region as devAp } from './dev/ap-southeast-1/region';
import { region as devEu } from './dev/eu-central-1/region';
import { region as devGlobal } from './dev/global/region';
import { OlechkaEnvironment, OlechkaRegion } from './olechka-unit';
import { env as production } from './production/env';
import { region as productionAp } from './production/ap-southeast-1/region';
import { region as productionEu } from './production/eu-central-1/region';
import { region as productionGlobal } from './production/global/region';
import { root } from './root';
import { env as staging } from './staging/env';
import { region as stagingAp } from './staging/ap-southeast-1/region';
import { region as stagingEu } from './staging/eu-central-1/region';
import { region as stagingGlobal } from './staging/global/region';

/** The units of every region. */
const regionUnits: UnitTable = {
  'backend/state': StateBackendUnit,
};

/** The units that an environment has once. */
const globalUnits: UnitTable = {};

export function olechka(app: TreeApp): System {
  const system = new System(app, root);
  for (const [values, global, ...regions] of [
    [dev, devGlobal, devEu, devAp],
    [staging, stagingGlobal, stagingEu, stagingAp],
    [production, productionGlobal, productionEu, productionAp],
  ] as const) {
    const environment = new OlechkaEnvironment(system, values);
    new OlechkaRegion(environment, global, globalUnits);
    for (const region of regions) new OlechkaRegion(environment, region, regionUnits);
  }
  return system;
}
