import { TerraceError } from 'terrace';

import type { TuxRegion } from './tux-unit';
import { ZoneUnit } from './units/dns/zone';

/** The unit that owns the zone: production's. Every environment reads its state. Raises E1202 when production is missing. */
export function zoneUnitOf(region: TuxRegion): ZoneUnit {
  const owner = region.environment.system.environments.find(({ name }) => name === 'production');
  if (owner === undefined)
    throw new TerraceError({
      code: 'E1202',
      title: 'unknown environment',
      place: region.path,
      found: 'the zone belongs to production, which is not described',
      expected: 'production',
      todo: 'add the environment production',
    });
  return owner.region('global').unit(ZoneUnit);
}
