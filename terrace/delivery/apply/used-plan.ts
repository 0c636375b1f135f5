import { exitCodes, TerraceError } from '../../base/errors';
import type { LockInfo } from '../../state/lock/lock-info';
import { describeHolder } from '../../state/lock/with-state-lock';
import { failed, problem } from '../problems';
import type { AppliedRecord } from '../record/record';
import type { DeliveryContext } from '../terraform/context';
import { livingTerraforms } from '../terraform/workspace';

import type { OpenedUnit } from './open-bundle';

/** What an earlier run did; a lock that stands beside it is nobody's, or of another command. */
export function alreadyDone(unit: string, holder: LockInfo | undefined): { readonly kind: 'already'; readonly reason?: string } {
  if (holder === undefined) return { kind: 'already' };
  const held = describeHolder({ place: 'dynamodb', lock: holder, text: '' });
  return { kind: 'already', reason: `its lock is held: ${held}; once its process is gone: terrace lock release ${unit} --id ${holder.id}` };
}

/** A plan is applied once: what was begun and did not end is planned and approved again. Raises E6016 (exit 3, or 4 while its lock is held). */
export async function refuseUsedPlan(
  context: Pick<DeliveryContext, 'states' | 'work'>,
  opened: OpenedUnit,
  record: AppliedRecord,
  env: NodeJS.ProcessEnv,
): Promise<never> {
  const { unit } = opened.entry;
  const holder = await context.states.holder(unit, env);
  const earlier =
    record.status === 'applying'
      ? `an apply of this bundle began at ${record.at} and never ended`
      : `this plan was applied at ${record.at} and failed`;
  const living = livingTerraforms(context.work).find((one) => one.unit === unit.path);
  if (living !== undefined)
    throw failed(
      'E6016',
      {
        place: unit.path,
        found: `terraform is still working on it (process ${living.pid} on this host) and holds its lock: ${earlier}`,
        todo: 'wait until it has ended; do not release its lock before then',
      },
      exitCodes.lockHeld,
    );
  const held = holder === undefined ? '' : `\nits lock is still held: ${describeHolder({ place: 'dynamodb', lock: holder, text: '' })}`;
  throw new TerraceError(
    problem('E6016', {
      place: unit.path,
      found: `${earlier}${held}`,
      todo: `${holder === undefined ? '' : `once its process is gone: terrace lock release ${unit.path} --id ${holder.id}; then `}plan it again, and approve that plan`,
    }),
    holder === undefined ? exitCodes.refused : exitCodes.lockHeld,
  );
}
