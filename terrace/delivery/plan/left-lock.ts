import { hostname } from 'node:os';

import { exitCodes, TerraceError, type Problem } from '../../base/errors';
import type { UnitModel } from '../../model/model';
import { lockIdOf, type LockInfo } from '../../state/lock/lock-info';
import { describeHolder } from '../../state/lock/with-state-lock';
import type { DeliveryContext } from '../terraform/context';
import { problemsOf } from '../terraform/terraform-steps';

/**
 * Plans a unit under terraform's own lock and looks at that lock afterwards, however the plan ended: an answer that it was given back may be
 * untrue, or nobody gave it back, and the next command would find a holder that is gone. `since` is when this plan began, in milliseconds; an
 * older lock, one of another host or of another operation is somebody else's. Raises E4402, beside what the plan raised.
 */
export async function underItsLock<T>(
  { states }: Pick<DeliveryContext, 'states'>,
  unit: UnitModel,
  { env, since }: { readonly env: NodeJS.ProcessEnv; readonly since: number },
  plan: () => Promise<T>,
): Promise<T> {
  const left = async (): Promise<readonly Problem[]> => leftLock(unit, await states.holder(unit, env), since);
  let result: T;
  try {
    result = await plan();
  } catch (error) {
    // Where the lock cannot be read either, what the plan raised says why.
    const found = await left().catch(() => []);
    if (found.length === 0) throw error;
    const exitCode = error instanceof TerraceError ? error.exitCode : exitCodes.failed;
    throw new TerraceError([...problemsOf(error, unit.path), ...found], exitCode, { cause: error });
  }
  const found = await left();
  if (found.length > 0) throw new TerraceError(found);
  return result;
}

function leftLock(unit: UnitModel, lock: LockInfo | undefined, since: number): readonly Problem[] {
  if (lock === undefined || lock.operation !== 'OperationTypePlan' || !lock.who.endsWith(`@${hostname()}`)) return [];
  if (!(Date.parse(lock.created) >= since)) return [];
  return [
    {
      code: 'E4402',
      title: 'lock not released',
      place: unit.path,
      found: `terraform planned it, and its lock still stands: ${describeHolder({ place: 'dynamodb', lock, text: '' })}`,
      todo: `once no plan of it runs on this host: terrace lock release ${unit.path} --id ${lockIdOf(lock)}; then plan it again`,
    },
  ];
}
