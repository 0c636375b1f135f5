import { hostname } from 'node:os';

import { TerraceError } from '../../base/errors';
import type { UnitModel } from '../../model/model';
import { lockIdOf } from '../../state/lock/lock-info';
import { describeHolder } from '../../state/lock/with-state-lock';
import type { DeliveryContext } from '../terraform/context';

/**
 * Looks at the lock that terraform took for a plan and says that it gave back: an answer may be a lie, and the next command would find a
 * holder that is gone. `since` is when this plan began, in milliseconds; an older lock, one of another host or of another operation is somebody
 * else's. Raises E4402.
 */
export async function refuseLeftLock(
  { states }: Pick<DeliveryContext, 'states'>,
  unit: UnitModel,
  env: NodeJS.ProcessEnv,
  since: number,
): Promise<void> {
  const lock = await states.holder(unit, env);
  if (lock === undefined || lock.operation !== 'OperationTypePlan' || !lock.who.endsWith(`@${hostname()}`)) return;
  if (!(Date.parse(lock.created) >= since)) return;
  throw new TerraceError({
    code: 'E4402',
    title: 'lock not released',
    place: unit.path,
    found: `terraform planned it, and its lock still stands: ${describeHolder({ place: 'dynamodb', lock, text: '' })}`,
    todo: `once no plan of it runs on this host: terrace lock release ${unit.path} --id ${lockIdOf(lock)}; then plan it again`,
  });
}
