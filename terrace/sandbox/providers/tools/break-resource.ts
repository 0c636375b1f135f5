import { exitCodes, TerraceError } from '../../../base/errors';
import type { Cloud } from '../cloud/cloud';
import type { CloudRecord } from '../cloud/record';
import { findResource } from './find-resource';

/**
 * Removes a resource as somebody would in the console of the cloud, with what came with it. Raises E5306 and E5307 as `findResource` does, and E5318
 * for what came with a resource that is still there: no cloud lets go of a default security group or a managed secret alone.
 */
export function breakResource(cloud: Cloud, wanted: string): CloudRecord {
  const { key, record } = findResource(cloud, wanted);
  const owner = record.hidden?.['owner'];
  const parent = typeof owner === 'string' ? cloud.read(owner) : undefined;
  if (parent !== undefined)
    throw new TerraceError(
      {
        code: 'E5318',
        title: 'simulated resource belongs to another',
        place: `${record.type} ${record.id}`,
        found: `it came with ${parent.type} ${parent.id}, and goes with it only`,
        todo: `remove that one: terrace sandbox cloud break ${parent.id}; or change this one: terrace sandbox cloud edit`,
      },
      exitCodes.wrongUsage,
    );
  cloud.remove(key);
  return record;
}
